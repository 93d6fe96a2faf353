import { type Environment, loadConfig } from "@lotty/config";
import { localClock, quietLogger } from "../sources/local-ports.ts";
import type { Check } from "./check.ts";
import { databaseChecks } from "./database-checks.ts";
import { directoryChecks } from "./directory-checks.ts";
import { redisChecks } from "./redis-checks.ts";
import { settingsChecks } from "./settings-check.ts";

/** Looks at everything an installation depends on. Changes nothing and never fails: what is wrong is a check. */
export async function examine(env: Environment): Promise<readonly Check[]> {
  const settings = loadConfig(env);
  const checks = [...settingsChecks(settings)];
  if (!settings.ok) return checks;
  const { config } = settings;
  checks.push(...(await directoryChecks(config.database)));
  checks.push(...(await databaseChecks(config, quietLogger, localClock.now())));
  checks.push(...(await redisChecks(config, quietLogger)));
  return checks;
}

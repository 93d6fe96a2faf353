import { describeConfig, type Environment, loadConfig } from "@lotty/config";
import { localClock, quietLogger } from "../sources/local-ports.ts";
import type { Check } from "./check.ts";
import { databaseChecks } from "./database-checks.ts";
import { directoryChecks } from "./directory-checks.ts";
import { replicaChecks } from "./replica-checks.ts";
import { redisChecks } from "./redis-checks.ts";
import { settingsChecks } from "./settings-check.ts";

/** What an examination found. */
export interface Findings {
  readonly checks: readonly Check[];
  /** The settings as a process understands them, passwords concealed; `null` when they are wrong. */
  readonly settings: Readonly<Record<string, string | null>> | null;
}

/** Looks at everything an installation depends on. Changes nothing and never fails: what is wrong is a check. */
export async function examine(env: Environment): Promise<Findings> {
  const settings = loadConfig(env);
  const checks = [...settingsChecks(settings)];
  if (!settings.ok) return { checks, settings: null };
  const { config } = settings;
  checks.push(...(await directoryChecks(config.database)));
  checks.push(...(await databaseChecks(config, quietLogger, localClock.now())));
  checks.push(...(await replicaChecks(config, quietLogger)));
  checks.push(...(await redisChecks(config, quietLogger)));
  return { checks, settings: describeConfig(config) };
}

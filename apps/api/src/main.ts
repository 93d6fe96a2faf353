import { type Config, describeFaults, loadConfig, type SettingFault } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { createLogger, Shutdown, tuneCollector, watchParent } from "@lotty/runtime";
import { describeFailure } from "./describe-failure.ts";
import { EXIT_CODES, exitCodeOf } from "./exit-code.ts";
import { firstAdminText } from "./first-admin-text.ts";
import { type RunningApi, startApi } from "./start-api.ts";

tuneCollector();
const loaded = loadConfig(process.env);
if (loaded.ok) {
  await run(loaded.config, loaded.warnings);
} else {
  process.stderr.write(`Lotty could not start because of its settings:\n${describeFaults(loaded.faults)}\n`);
  process.exitCode = EXIT_CODES.invalid_input;
}

/** Runs the API until it is told to end. Logs go to the standard output, words to people to the standard error stream. */
async function run(config: Config, warnings: readonly SettingFault[]): Promise<void> {
  const logger = createLogger({ ...config.log, name: "lotty-api" });
  for (const { setting, message } of warnings) logger.warn("setting_doubtful", { setting, message });

  const shutdown = new Shutdown({ logger, graceSeconds: config.shutdownGraceSeconds });
  shutdown.install();
  if (config.parentPid !== null) watchParent(config.parentPid, () => void shutdown.begin("parent_gone"));

  // Closed by a signal that comes in the middle of the start, too.
  const starting = startApi(config, logger);
  const close = async (): Promise<void> => (await starting.catch(() => undefined))?.close();
  shutdown.onShutdown("api", close);
  try {
    const api = await starting;
    await api.ready;
    const { firstAdmin } = api;
    if (firstAdmin !== undefined) process.stderr.write(firstAdminText(firstAdmin));
    if (config.database.kind === "embedded" || process.stderr.isTTY) await greet(api, logger);
  } catch (error) {
    // An end in the middle of the start makes the start fail, and exits by itself.
    if (shutdown.begun) return;
    process.stderr.write(describeFailure(error));
    await close();
    process.exit(exitCodeOf(error));
  }
}

async function greet(api: RunningApi, logger: Logger): Promise<void> {
  try {
    process.stderr.write(await api.welcome());
  } catch (error) {
    // It serves all the same.
    logger.warn("welcome_failed", { error });
  }
}

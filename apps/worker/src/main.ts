import { describeFaults, loadConfig, type Config } from "@lotty/config";
import { isLottyError, type Logger } from "@lotty/domain";
import { createLogger, Shutdown, tuneCollector, watchParent } from "@lotty/runtime";
import { EXIT_CODES, exitCodeOf } from "./exit-code.ts";
import { startWorker } from "./worker.ts";

tuneCollector();
const loaded = loadConfig(process.env);
if (loaded.ok) {
  const { config, warnings } = loaded;
  const logger = createLogger({ ...config.log, name: "lotty-worker" });
  for (const { setting, message } of warnings) logger.warn("setting_doubtful", { setting, message });
  await serve(config, logger);
} else {
  process.stderr.write(`The worker cannot start with these settings:\n${describeFaults(loaded.faults)}\n`);
  process.exitCode = EXIT_CODES.invalid_input;
}

async function serve(config: Config, logger: Logger): Promise<void> {
  const shutdown = new Shutdown({ logger, graceSeconds: config.shutdownGraceSeconds });
  shutdown.install();
  try {
    const worker = await startWorker(config, logger);
    shutdown.onShutdown("worker", () => worker.stop());
    if (config.parentPid !== null) watchParent(config.parentPid, () => void shutdown.begin("parent_gone"));
    await worker.working;
  } catch (error) {
    // A start that the shutdown cut short has not failed.
    if (shutdown.begun) return;
    logger.error("worker_start_failed", { error });
    process.stderr.write(`The worker could not start: ${isLottyError(error) ? error.message : String(error)}\n`);
    process.exit(exitCodeOf(error));
  }
}

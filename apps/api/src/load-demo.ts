import { readFile } from "node:fs/promises";
import { type Definitions, planChange, readDefinitions, renderProblem } from "@lotty/definitions";
import {
  type Clock,
  type ConfigurationSource,
  type ConfigurationWriter,
  DEFAULT_ENVIRONMENT_ID,
  type IdSource,
  isLottyError,
  LottyError,
  type Logger,
} from "@lotty/domain";

/** What loading the demo works with. */
export interface LoadDemoOptions {
  /** The file of definitions. */
  readonly file: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/**
 * Loads a file of definitions into a store that never held any. Whoever has stored something, and be it only to remove
 * it again, keeps what is there.
 *
 * @throws LottyError `invalid_configuration` when the file cannot be read, `invalid_definition`, `database_unavailable`,
 * `database_rejected`
 */
export async function loadDemo(
  store: ConfigurationSource & ConfigurationWriter,
  options: LoadDemoOptions,
): Promise<void> {
  const { clock, file, ids, logger } = options;
  if ((await store.revision(DEFAULT_ENVIRONMENT_ID)) > 0) return;
  const definitions = await readFileOf(file);
  const configuration = await store.load(DEFAULT_ENVIRONMENT_ID);
  if (configuration.revision > 0) return;
  const now = clock.now();
  const { change, empty } = planChange(definitions, configuration, { now, newId: () => ids.next(now) });
  if (empty) return;
  try {
    const revision = await store.apply(DEFAULT_ENVIRONMENT_ID, change, configuration.revision);
    const { flags, experiments, domains } = definitions;
    const counts = { flags: flags.length, experiments: experiments.length, domains: domains.length };
    logger.info("demo_loaded", { file, revision, ...counts });
  } catch (error) {
    // Another process filled the store meanwhile: it is not empty any more, and all is well.
    if (!isLottyError(error, "revision_conflict")) throw error;
  }
}

async function readFileOf(file: string): Promise<Definitions> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new LottyError("invalid_configuration", `The file that LOTTY_DEMO names cannot be read: ${file}`, {
      cause: error,
    });
  });
  const reading = readDefinitions(text, { fileName: file });
  if (reading.ok) return reading.definitions;
  const problems = reading.problems.map((problem) => renderProblem(problem, text)).join("\n");
  throw new LottyError("invalid_definition", `The file that LOTTY_DEMO names is not valid.\n${problems}\n`);
}

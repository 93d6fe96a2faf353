import { readFile } from "node:fs/promises";
import type { DefinitionsControl } from "@lotty/control-plane";
import { type Definitions, readDefinitions, renderProblem } from "@lotty/definitions";
import {
  type ConfigurationSource,
  DEFAULT_ENVIRONMENT_ID,
  isLottyError,
  LottyError,
  type Logger,
  systemActor,
} from "@lotty/domain";

/** What loading the demo works with. */
export interface LoadDemoOptions {
  /** The file of definitions. */
  readonly file: string;
  readonly store: Pick<ConfigurationSource, "revision">;
  readonly definitions: Pick<DefinitionsControl, "apply">;
  readonly logger: Logger;
}

/** Who puts the demo there, as the record has it. */
const BY = systemActor("LOTTY_DEMO");

/**
 * Loads a file of definitions into a store that never held any. Whoever has stored something, and be it only to remove
 * it again, keeps what is there.
 *
 * @throws LottyError `invalid_configuration` when the file cannot be read, `invalid_definition`, `database_unavailable`,
 * `database_rejected`
 */
export async function loadDemo(options: LoadDemoOptions): Promise<void> {
  const { definitions: control, file, logger, store } = options;
  if ((await store.revision(DEFAULT_ENVIRONMENT_ID)) > 0) return;
  const definitions = await readFileOf(file);
  const command = { environmentId: DEFAULT_ENVIRONMENT_ID, actor: BY, definitions, prune: false };
  try {
    const outcome = await control.apply({ ...command, expectedRevision: 0 });
    if (outcome.status === "refused") return refuseAll(outcome.refusals);
    const { flags, experiments, domains } = definitions;
    const counts = { flags: flags.length, experiments: experiments.length, domains: domains.length };
    logger.info("demo_loaded", { file, revision: outcome.revision, ...counts });
  } catch (error) {
    // Another process filled the store meanwhile: it is not empty any more, and all is well.
    if (!isLottyError(error, "revision_conflict")) throw error;
  }
}

/** A file that states nothing has nothing to load, and that is all right. */
function refuseAll(refusals: readonly { readonly code: string; readonly message: string }[]): void {
  const [wrong] = refusals.filter(({ code }) => code !== "nothing_changed");
  if (wrong === undefined) return;
  throw new LottyError("invalid_definition", `The file that LOTTY_DEMO names is not valid: ${wrong.message}`);
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

import { setTimeout as sleep } from "node:timers/promises";
import { planChange, readDefinitions, renderProblem, type Definitions } from "@lotty/definitions";
import { isLottyError, MICROS_PER_MILLI, type Logger } from "@lotty/domain";
import type { Database } from "@lotty/faults/stage/database";
import { SeededRandom } from "@lotty/faults/seeded-random";
import { openPostgres, type Storage } from "@lotty/persistence";
import { definitionsText, type ModelDefinitions, type ModelIds } from "../oracle/configuration.ts";
import type { EnvironmentKey } from "../world/environments.ts";
import { EVENT_TYPE } from "../world/random-events.ts";
import { seededId } from "../world/seeded-id.ts";
import type { Admin } from "./admin.ts";
import { environmentIds, readIds } from "./read-tables.ts";

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Pause before a change is tried again, in milliseconds. */
const RETRY_MILLIS = 200;

/** Refusals that say that an earlier try came in between. */
const RACED = ["revision_conflict", "nothing_changed"];

/** Definitions that are to be those of an environment. */
export interface WrittenDefinitions {
  readonly environment: EnvironmentKey;
  readonly definitions: ModelDefinitions;
  /** The revision before. */
  readonly after: number | undefined;
  /** What the ids of new things follow from. */
  readonly idSeed: number;
}

/** What definitions are written with. */
export interface WriterParts {
  readonly seed: number;
  readonly database: Database;
  readonly admin: Admin;
}

/** Writes definitions until they are written, whatever happens to the database and the APIs meanwhile. */
export class DefinitionsWriter {
  readonly #parts: WriterParts;
  readonly #storage: Storage;

  private constructor(parts: WriterParts, storage: Storage) {
    this.#parts = parts;
    this.#storage = storage;
  }

  static async open(parts: WriterParts): Promise<DefinitionsWriter> {
    return new DefinitionsWriter(parts, await openPostgres({ url: parts.database.url, logger: SILENT }));
  }

  /** Writes as `lotty apply` does on the database. Gives the revision that the definitions have. */
  writeToStore(written: WrittenDefinitions): Promise<number> {
    return untilItWorks(() => this.#applyToStore(written));
  }

  /** Has an API write them, and another when that one is killed on the way. Gives the revision that the definitions have. */
  async writeThroughApi({ after, definitions, environment }: WrittenDefinitions): Promise<number> {
    const body = { text: definitionsText(definitions, [EVENT_TYPE]), apply: true, prune: true };
    for (;;) {
      const answer = await this.#parts.admin.ask({ method: "POST", path: "/v1/definitions", body, environment });
      const { applied, revision } = answer?.body ?? {};
      if (answer?.status === 200 && typeof revision === "number") {
        // An earlier try was written after all when there is nothing left to change.
        if (applied === true || revision !== after) return revision;
        throw new Error(`A change of the model changes nothing: ${body.text}`);
      }
      if (answer !== undefined && !RACED.includes(String(answer.body["code"]))) {
        throw new Error(`An API refuses a change: ${JSON.stringify(answer.body)}`);
      }
      await sleep(RETRY_MILLIS);
    }
  }

  /** The ids of what has names in an environment. */
  ids(environment: EnvironmentKey): Promise<ModelIds> {
    return untilItWorks(async () => readIds(this.#parts.database, await this.#environmentId(environment)));
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  async #applyToStore({ after, definitions, environment, idSeed }: WrittenDefinitions): Promise<number> {
    const environmentId = await this.#environmentId(environment);
    const stored = await this.#storage.configuration.load(environmentId);
    const ids = new SeededRandom(Math.imul(this.#parts.seed, 31) ^ idSeed);
    const now = Date.now() * MICROS_PER_MILLI;
    const plan = planChange(read(definitions), stored, { now, newId: () => seededId(ids), prune: true });
    if (plan.empty) {
      // An earlier try was written after all; only its answer was lost.
      if (stored.revision !== after) return stored.revision;
      throw new Error(`A change of the model changes nothing: ${definitionsText(definitions)}`);
    }
    return this.#storage.configuration.apply(environmentId, plan.change, stored.revision);
  }

  async #environmentId(environment: EnvironmentKey): Promise<string> {
    const id = (await environmentIds(this.#parts.database)).get(environment);
    if (id === undefined) throw new Error(`There is no environment ${environment}.`);
    return id;
  }
}

function read(definitions: ModelDefinitions): Definitions {
  const text = definitionsText(definitions);
  const reading = readDefinitions(text, { fileName: "model.json" });
  if (!reading.ok) throw new Error(reading.problems.map((problem) => renderProblem(problem, text)).join("\n"));
  return reading.definitions;
}

async function untilItWorks<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTemporary(error)) throw error;
      await sleep(RETRY_MILLIS);
    }
  }
}

/** Whether it may work later. The driver's own errors have a code, and are about connections or a server that starts. */
function isTemporary(error: unknown): boolean {
  if (isLottyError(error)) return error.retryable || error.code === "revision_conflict";
  return error instanceof Error && ("code" in error || /connection|terminated|timeout/i.test(error.message));
}

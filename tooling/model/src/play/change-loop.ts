import { setTimeout as sleep } from "node:timers/promises";
import { planChange, readDefinitions, renderProblem } from "@lotty/definitions";
import { DEFAULT_ENVIRONMENT_ID, isLottyError, MICROS_PER_MILLI, type Logger } from "@lotty/domain";
import type { Database } from "@lotty/faults/stage/database";
import { SeededRandom } from "@lotty/faults/seeded-random";
import { openPostgres, type Storage } from "@lotty/persistence";
import { definitionsText, nextConfiguration, type ModelDefinitions } from "../oracle/configuration.ts";
import { changeDefinitions } from "../world/change-definitions.ts";
import type { ConfigurationHistory } from "../world/configuration-history.ts";
import { firstDefinitions } from "../world/first-definitions.ts";
import { seededId } from "../world/seeded-id.ts";
import { readIds } from "./read-tables.ts";

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Pause before a change is tried again, in milliseconds. */
const RETRY_MILLIS = 200;

/** Pauses between changes, in milliseconds. */
const PAUSE_MILLIS = { least: 150, most: 2_500 };

/** Writes changes of the configuration the way that `lotty apply` does, and notes when each was current. */
export class ChangeLoop {
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #storage: Storage;
  readonly #database: Database;
  readonly #history: ConfigurationHistory;
  #changes = 0;

  private constructor(parts: { seed: number; storage: Storage; database: Database; history: ConfigurationHistory }) {
    this.#seed = parts.seed;
    this.#random = new SeededRandom(parts.seed ^ 0x51ed270b);
    this.#storage = parts.storage;
    this.#database = parts.database;
    this.#history = parts.history;
  }

  /** Writes the first configuration. */
  static async begin(seed: number, database: Database, history: ConfigurationHistory): Promise<ChangeLoop> {
    const storage = await openPostgres({ url: database.url, logger: SILENT });
    const loop = new ChangeLoop({ seed, storage, database, history });
    await loop.#write(firstDefinitions(loop.#random), "the beginning");
    return loop;
  }

  /** Changes that were made. */
  get changes(): number {
    return this.#changes;
  }

  /** Changes again and again until told to stop; the change in hand is finished. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pause = this.#random.between(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const before = this.#history.newest?.configuration.definitions;
      if (before === undefined) throw new Error("There is no first configuration.");
      const { definitions, what } = changeDefinitions(before, this.#random);
      await this.#write(definitions, what);
      this.#changes += 1;
    }
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  /** Writes until it is written, whatever happens to the database meanwhile. */
  async #write(definitions: ModelDefinitions, what: string): Promise<void> {
    const before = this.#history.newest?.configuration;
    const begunAt = Date.now();
    const revision = await this.#untilItWorks(() => this.#apply(definitions, before?.revision));
    const knownAt = Date.now();
    const ids = await this.#untilItWorks(() => readIds(this.#database));
    const configuration = nextConfiguration(before, { revision, definitions, ids });
    this.#history.add({ configuration, what, begunAt, knownAt });
  }

  /** Gives the revision that the definitions have. `after` is the one before. */
  async #apply(definitions: ModelDefinitions, after: number | undefined): Promise<number> {
    const text = definitionsText(definitions);
    const reading = readDefinitions(text, { fileName: "model.json" });
    if (!reading.ok) throw new Error(reading.problems.map((problem) => renderProblem(problem, text)).join("\n"));
    const stored = await this.#storage.configuration.load(DEFAULT_ENVIRONMENT_ID);
    // An earlier try was written after all; only its answer was lost.
    if (after !== undefined && stored.revision === after + 1) return stored.revision;
    const ids = new SeededRandom(Math.imul(this.#seed, 31) ^ this.#history.size);
    const now = Date.now() * MICROS_PER_MILLI;
    const { change, empty } = planChange(reading.definitions, stored, { now, newId: () => seededId(ids), prune: true });
    if (empty) throw new Error(`A change of the model changes nothing: ${text}`);
    return this.#storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, change, stored.revision);
  }

  async #untilItWorks<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isTemporary(error)) throw error;
        await sleep(RETRY_MILLIS);
      }
    }
  }
}

/** Whether it may work later. The driver's own errors have a code, and are about connections or a server that starts. */
function isTemporary(error: unknown): boolean {
  if (isLottyError(error)) return error.retryable || error.code === "revision_conflict";
  return error instanceof Error && ("code" in error || /connection|terminated|timeout/i.test(error.message));
}

import {
  isLottyError,
  LottyError,
  mergeHistories,
  type DecisionSpool,
  type SubjectHistory,
  type SubjectHistorySource,
} from "@lotty/domain";
import type { Patience, StoreCircuit } from "@lotty/outage";
import type { SubjectRef } from "../subject-ref.ts";
import type { KnownHistories } from "./known-histories.ts";

/** A history, and whether it may lack something because the store could not be asked. */
export interface KnownHistory {
  readonly history: SubjectHistory;
  readonly degraded: boolean;
}

/** What a {@link SpoolingHistory} works with. */
export interface SpoolingHistoryOptions {
  readonly source: SubjectHistorySource;
  readonly spool: DecisionSpool;
  readonly circuit: StoreCircuit;
  readonly known: KnownHistories;
  readonly patience: Patience;
}

/** Reads histories from the store and from the spool, or what is known of them while the store is away. */
export class SpoolingHistory {
  readonly #options: SpoolingHistoryOptions;

  constructor(options: SpoolingHistoryOptions) {
    this.#options = options;
  }

  /** Whether the store has everything: it is there, and nothing is in the spool. */
  get isWhole(): boolean {
    return this.#options.circuit.state === "closed";
  }

  /** Whether the store is away. */
  get isAway(): boolean {
    return this.#options.circuit.state === "open";
  }

  /** Whether this process knows of anything that a subject takes part in. */
  knows(subject: SubjectRef): boolean {
    return this.#options.known.of(subject).length > 0;
  }

  /** The history of a subject; one that a cache has kept helps when the store is away. Never fails for want of the store. */
  async load(subject: SubjectRef, kept: SubjectHistory = []): Promise<KnownHistory> {
    const { circuit, known } = this.#options;
    if (circuit.state !== "open") {
      try {
        return { history: await this.exact(subject), degraded: false };
      } catch (error) {
        if (!isLottyError(error, "database_unavailable")) throw error;
        circuit.open(error);
      }
    }
    return { history: mergeHistories(mergeHistories(known.of(subject), kept), this.#spooled(subject)), degraded: true };
  }

  /**
   * The history of a subject as the store and the spool have it.
   *
   * @throws LottyError `database_unavailable`
   */
  async exact(subject: SubjectRef): Promise<SubjectHistory> {
    const { circuit, known, patience, source } = this.#options;
    const loaded = await patience.run(() => source.load(subject.environmentId, subject.subjectId), tooLate);
    // Added, for it may have been read before something that is known to be written by now.
    known.add(subject, loaded);
    return circuit.state === "closed" ? loaded : mergeHistories(loaded, this.#spooled(subject));
  }

  /** The store has erased a subject: its history is empty. */
  forget(subject: SubjectRef): void {
    this.#options.known.replace(subject, []);
  }

  /** A cache has kept a history of a subject. */
  note(subject: SubjectRef, kept: SubjectHistory): void {
    this.#options.known.add(subject, kept);
  }

  #spooled({ environmentId, subjectId }: SubjectRef): SubjectHistory {
    return this.#options.spool.assignmentsOf(environmentId, subjectId);
  }
}

function tooLate(): LottyError {
  return new LottyError("database_unavailable", "The store does not answer in time");
}

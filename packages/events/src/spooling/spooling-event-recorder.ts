import {
  isLottyError,
  LottyError,
  type EventOutcome,
  type EventRecord,
  type EventRecorder,
  type EventSpool,
} from "@lotty/domain";
import type { Patience, StoreCircuit } from "@lotty/outage";

/** What a {@link SpoolingEventRecorder} works with. */
export interface SpoolingEventRecorderOptions {
  readonly recorder: EventRecorder;
  readonly spool: EventSpool;
  readonly circuit: StoreCircuit;
  readonly patience: Patience;
}

/** What became of events: in the store, or in the spool, where nobody has looked at duplicates and decisions yet. */
export type RecordedEvents =
  | { readonly durability: "committed"; readonly outcomes: readonly EventOutcome[] }
  | { readonly durability: "spooled" };

/**
 * Keeps events in the store, or in the spool while the store is away. What the store was asked to do and did not answer may be
 * in both; the event's id makes one of them.
 */
export class SpoolingEventRecorder {
  readonly #options: SpoolingEventRecorderOptions;

  constructor(options: SpoolingEventRecorderOptions) {
    this.#options = options;
  }

  /**
   * Keeps events that were not acknowledged yet.
   *
   * @throws LottyError `database_unavailable` when the spool does not take them either; `overloaded`, `schema_mismatch`
   */
  async record(events: readonly EventRecord[]): Promise<RecordedEvents> {
    const { circuit, patience, recorder } = this.#options;
    try {
      if (circuit.state === "handing_over") await patience.run(() => circuit.settled(), tooLate);
      if (circuit.state === "closed") {
        return { durability: "committed", outcomes: await patience.run(() => recorder.record(events), tooLate) };
      }
    } catch (error) {
      if (!isLottyError(error, "database_unavailable")) throw error;
      circuit.open(error);
    }
    return this.#spool(events);
  }

  async #spool(events: readonly EventRecord[]): Promise<RecordedEvents> {
    try {
      await this.#options.spool.append(events);
      return { durability: "spooled" };
    } catch (error) {
      if (!isLottyError(error, "decision_store_unavailable")) throw error;
      throw new LottyError("database_unavailable", "The store of events is away, and the spool takes none", {
        cause: error,
      });
    }
  }
}

function tooLate(): LottyError {
  return new LottyError("database_unavailable", "The store of events does not answer in time");
}

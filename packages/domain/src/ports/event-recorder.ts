import type { EventRecord } from "../event.ts";

/** Why the store refuses an event that looked well. */
export type EventRefusal =
  /** The decision of an exposure was taken for another subject, or in another environment. */
  | "wrong_subject"
  /** The decision of an exposure assigned nothing. */
  | "not_assigned"
  /** The store can never take it. */
  | "not_storable";

/** What became of an event. */
export type EventOutcome =
  | {
      readonly status: "accepted";
      /** It is an exposure whose decision is not on record yet. It counts once the decision is. */
      readonly pending: boolean;
    }
  | {
      /** There is an event of this id. It stays as it is. */
      readonly status: "duplicate";
      /** What there is says something else. */
      readonly conflict: boolean;
    }
  | { readonly status: "rejected"; readonly code: EventRefusal };

/** Keeps events durably, each once by its id. */
export interface EventRecorder {
  /**
   * Keeps events, and what follows from them: first exposures and the subjects to measure anew. A refused event harms no
   * other. When it throws, some may have been kept: record all of them again.
   *
   * @returns what became of each, in the given order, once that is committed
   * @throws LottyError `overloaded` when too much waits already; `database_unavailable`, `schema_mismatch`
   */
  record(events: readonly EventRecord[]): Promise<readonly EventOutcome[]>;
}

/** Keeps events that were acknowledged before, in bulk. */
export interface EventSink {
  /**
   * Keeps events as {@link EventRecorder.record} does, but loses nothing that somebody was told is safe: an exposure whose
   * decision does not fit is `rejected` and kept all the same, as one that never counts. Only what is `not_storable` is not.
   *
   * @returns what became of each, in the given order, once that is committed
   * @throws LottyError `database_unavailable`, `schema_mismatch`: write all of them again
   */
  write(events: readonly EventRecord[]): Promise<readonly EventOutcome[]>;
}

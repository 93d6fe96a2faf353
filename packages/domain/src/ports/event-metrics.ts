/**
 * What became of an event that was taken. `queued`: a worker will tell. `spooled`: told when the spool drains. `conflict`: a
 * duplicate that says something else.
 */
export const EVENT_OUTCOMES = ["accepted", "pending", "duplicate", "conflict", "queued", "spooled"] as const;

/** Counts what becomes of events. */
export interface EventMetrics {
  taken(outcome: (typeof EVENT_OUTCOMES)[number]): void;
  /** @param code why; one of a fixed list */
  rejected(code: string): void;
  /** The stream did not take events, and the database had to at once. */
  queueRefused(): void;
}

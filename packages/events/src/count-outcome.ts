import type { EventMetrics, EventOutcome } from "@lotty/domain";

/** Counts what became of an event once that is known. */
export function countOutcome(outcome: EventOutcome, metrics: EventMetrics): void {
  if (outcome.status === "rejected") metrics.rejected(outcome.code);
  else if (outcome.status === "duplicate") metrics.taken(outcome.conflict ? "conflict" : "duplicate");
  else metrics.taken(outcome.pending ? "pending" : "accepted");
}

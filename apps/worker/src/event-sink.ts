import type { EventMetrics, EventRecord, EventRecorder } from "@lotty/domain";
import type { DrainSink } from "./drain.ts";

/** Keeps queued events, and tells why single ones can never be kept: their decision is of another subject, say. */
export function eventSink(recorder: EventRecorder, metrics: EventMetrics): DrainSink<EventRecord> {
  return {
    write: async (events) => {
      const outcomes = await recorder.record(events);
      const refusals = new Map<EventRecord, string>();
      for (const [index, outcome] of outcomes.entries()) {
        const event = events[index];
        if (outcome.status === "rejected") {
          metrics.rejected(outcome.code);
          if (event !== undefined) refusals.set(event, `rejected: ${outcome.code}`);
        } else if (outcome.status === "duplicate") {
          metrics.taken(outcome.conflict ? "conflict" : "duplicate");
        } else {
          metrics.taken(outcome.pending ? "pending" : "accepted");
        }
      }
      return refusals;
    },
  };
}

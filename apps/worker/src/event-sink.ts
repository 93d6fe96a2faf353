import type { EventMetrics, EventRecord, EventRecorder } from "@lotty/domain";
import { countOutcome } from "@lotty/events";
import type { DrainSink } from "./drain.ts";

/** Keeps queued events, and tells why single ones can never be kept: their decision is of another subject, say. */
export function eventSink(recorder: EventRecorder, metrics: EventMetrics): DrainSink<EventRecord> {
  return {
    write: async (events) => {
      const outcomes = await recorder.record(events);
      const refusals = new Map<EventRecord, string>();
      for (const [index, outcome] of outcomes.entries()) {
        const event = events[index];
        countOutcome(outcome, metrics);
        if (outcome.status === "rejected" && event !== undefined) refusals.set(event, `rejected: ${outcome.code}`);
      }
      return refusals;
    },
  };
}

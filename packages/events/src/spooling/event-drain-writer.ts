import type { EventMetrics, EventRecord, EventSink, Logger, RefusedItem, SpoolWriter } from "@lotty/domain";
import { countOutcome } from "../count-outcome.ts";

/** What drained events go to. */
export interface EventDrainParts {
  readonly sink: EventSink;
  readonly metrics: EventMetrics;
  readonly logger: Logger;
}

/**
 * Writes spooled events to the store, and counts what became of them. An exposure that does not fit its decision is kept as
 * one that never counts; what the store can never take is handed back to be set aside.
 */
export function eventDrainWriter({ logger, metrics, sink }: EventDrainParts): SpoolWriter<EventRecord> {
  return async (batch) => {
    const outcomes = await sink.write(batch);
    const refused: RefusedItem<EventRecord>[] = [];
    for (const [index, item] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new TypeError("An event was written without an outcome");
      countOutcome(outcome, metrics);
      if (outcome.status !== "rejected") continue;
      const { environmentId, eventId } = item;
      const facts = { environment_id: environmentId, event_id: eventId, code: outcome.code };
      if (outcome.code === "not_storable") {
        logger.error("spool_event_set_aside", facts);
        refused.push({ item, reason: outcome.code });
      } else {
        logger.warn("spool_exposure_never_counts", facts);
      }
    }
    return refused;
  };
}

import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type EventRecord } from "@lotty/domain";

/** The type of all events of the benchmark. */
export const EVENT_TYPE = "purchase";

/** Events of each subject, on average. */
const EVENTS_PER_SUBJECT = 5;

const MICROS_PER_MILLI = 1_000;

/** Batches of new events, as a shop sends them: with a value and a property. */
export function makeBatches(events: number, batch: number): readonly (readonly EventRecord[])[] {
  const run = randomUUID();
  const now = Date.now() * MICROS_PER_MILLI;
  const subjects = Math.max(1, Math.floor(events / EVENTS_PER_SUBJECT));
  return Array.from({ length: Math.ceil(events / batch) }, (_, part) =>
    Array.from({ length: Math.min(batch, events - part * batch) }, (_unused, index): EventRecord => {
      const n = part * batch + index;
      return {
        environmentId: DEFAULT_ENVIRONMENT_ID,
        eventId: randomUUID(),
        eventType: EVENT_TYPE,
        // Those of one subject lie far apart, as they come in.
        subjectId: `${run}-${n % subjects}`,
        decisionId: null,
        occurredAt: now,
        receivedAt: now,
        properties: { currency: "EUR" },
        value: (n % 10_000) / 100,
      };
    }),
  );
}

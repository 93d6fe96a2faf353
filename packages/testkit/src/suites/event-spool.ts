import { randomUUID } from "node:crypto";
import type { EventRecord } from "@lotty/domain";
import { STORE_NOW, TREACHEROUS_TEXTS } from "./decision-store-fixture.ts";
import { sampleEvent } from "./event-store-fixture.ts";
import { describeRecordSpool, type OpenedRecordSpool, type SpooledSamples } from "./record-spool.ts";

const SAMPLES: SpooledSamples<EventRecord> = {
  sample: (receivedAt) => sampleEvent({ receivedAt }),
  treacherous: () => [
    sampleEvent({ receivedAt: STORE_NOW, decisionId: randomUUID(), value: 0.1, properties: { a: [1, { b: null }] } }),
    sampleEvent({ receivedAt: STORE_NOW, value: -1e-300, occurredAt: STORE_NOW - 1 }),
    sampleEvent({ receivedAt: STORE_NOW, value: 9_007_199_254_740_991 }),
    ...TREACHEROUS_TEXTS.map((text) =>
      sampleEvent({
        receivedAt: STORE_NOW,
        eventId: text,
        subjectId: text,
        eventType: text,
        properties: { [text]: text },
      }),
    ),
  ],
};

/** Registers the tests that every event spool passes. Each has a spool of its own. */
export function describeEventSpool(name: string, open: () => Promise<OpenedRecordSpool<EventRecord>>): void {
  describeRecordSpool(`of events ${name}`, SAMPLES, open);
}

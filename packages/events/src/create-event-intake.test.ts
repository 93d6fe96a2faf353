import { DEFAULT_ENVIRONMENT_ID, LottyError, type EventRecord } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryEventStore } from "@lotty/testkit/fakes/memory-event-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { ValueSchemas } from "@lotty/value-schemas";
import { beforeEach, describe, expect, it } from "vitest";
import { createEventIntake, type EventIntake, type EventIntakePorts } from "./create-event-intake.ts";
import { draft, eventType, RECEIVED } from "./testing/event-fixture.ts";

const MALFORMED = { status: "rejected", code: "invalid_event", reason: "It has no event_id." } as const;

let store: MemoryEventStore;
let queued: EventRecord[];
let counts: Map<string, number>;
beforeEach(() => {
  store = new MemoryEventStore();
  queued = [];
  counts = new Map();
});

function intake(fields: Partial<EventIntakePorts> = {}): EventIntake {
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  return createEventIntake({
    catalogue: { typesOf: async () => new Map([["purchase", eventType()]]) },
    schemas: new ValueSchemas(),
    recorder: store,
    spooling: null,
    queue: null,
    writeMode: "sync",
    times: { maxAheadSeconds: 300, maxAgeDays: 30 },
    metrics: { taken: count, rejected: count, queueRefused: () => count("queue_refused") },
    clock: new ManualClock(RECEIVED),
    logger: new RecordingLogger(),
    ...fields,
  });
}

const queue = { enqueue: async (events: readonly EventRecord[]) => void queued.push(...events) };
const full = { enqueue: () => Promise.reject(new LottyError("decision_stream_unavailable", "The stream is full.")) };

describe("taking events in", () => {
  it("keeps what is fine, and tells of each what became of it, in the order in which they were sent", async () => {
    const sent = [
      draft({ eventType: "unknown" }),
      draft(),
      MALFORMED,
      draft({ value: 2 }),
      draft({ eventType: "exposure", eventId: "e2", decisionId: "d" }),
    ];
    const { durability, outcomes } = await intake().take(DEFAULT_ENVIRONMENT_ID, sent);
    expect(durability).toBe("committed");
    expect(outcomes).toMatchObject([
      { status: "rejected", code: "unknown_event_type" },
      { status: "accepted", pending: false },
      MALFORMED,
      { status: "duplicate", conflict: true },
      { status: "accepted", pending: true },
    ]);
    expect(store.events).toHaveLength(2);
    expect(Object.fromEntries(counts)).toStrictEqual({
      unknown_event_type: 1,
      accepted: 1,
      invalid_event: 1,
      conflict: 1,
      pending: 1,
    });
  });

  it("promises nothing where there was nothing to keep", async () => {
    expect(await intake().take(DEFAULT_ENVIRONMENT_ID, [MALFORMED])).toStrictEqual({
      durability: "none",
      outcomes: [MALFORMED],
    });
  });

  it("puts events into the stream if asked to, whole batches at a time", async () => {
    const answer = await intake({ writeMode: "async", queue }).take(DEFAULT_ENVIRONMENT_ID, [draft(), MALFORMED]);
    expect(answer).toMatchObject({ durability: "queued", outcomes: [{ status: "accepted" }, MALFORMED] });
    expect(queued.map(({ eventId }) => eventId)).toStrictEqual(["e1"]);
    expect(store.events).toStrictEqual([]);
    expect(counts.get("queued")).toBe(1);
  });

  it.each([full, null])(
    "keeps events before the answer where the stream does not take them or is not there",
    async (stream) => {
      const answer = await intake({ writeMode: "async", queue: stream }).take(DEFAULT_ENVIRONMENT_ID, [draft()]);
      expect(answer.durability).toBe("committed");
      expect(store.events).toHaveLength(1);
      expect(counts.get("queue_refused")).toBe(stream === null ? undefined : 1);
    },
  );

  it("says of events on the disk that they are spooled, and counts them as such", async () => {
    const spooling = { record: async () => ({ durability: "spooled" as const }) };
    const sent = [draft(), MALFORMED, draft({ eventId: "e2" })];
    const answer = await intake({ spooling, writeMode: "async", queue: full }).take(DEFAULT_ENVIRONMENT_ID, sent);
    const accepted = { status: "accepted", pending: false };
    expect(answer).toStrictEqual({ durability: "spooled", outcomes: [accepted, MALFORMED, accepted] });
    expect(Object.fromEntries(counts)).toStrictEqual({ queue_refused: 1, spooled: 2, invalid_event: 1 });
    expect(store.events).toStrictEqual([]);
  });

  it("leaves the stream alone when events are to be kept before the answer", async () => {
    await intake({ queue }).take(DEFAULT_ENVIRONMENT_ID, [draft()]);
    expect(queued).toStrictEqual([]);
  });

  it("promises nothing while nobody can keep events", async () => {
    store.failWritesWith(new LottyError("database_unavailable", "away"));
    const asked = intake({ writeMode: "async", queue: full }).take(DEFAULT_ENVIRONMENT_ID, [draft()]);
    await expect(asked).rejects.toMatchObject({ code: "database_unavailable" });
    expect(counts.get("accepted")).toBeUndefined();
  });
});

import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type EventRecord } from "@lotty/domain";
import { createMetrics } from "@lotty/runtime";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { assigningDecision, storeExperiments } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleEvent, sampleExposure } from "@lotty/testkit/suites/event-store-fixture";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Drain } from "./drain.ts";
import { eventSink } from "./event-sink.ts";
import { createEventDrainMetrics } from "./worker-metrics.ts";
import { openRecording, type Recording } from "./testing/open-recording.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const logger = new RecordingLogger();

let server: TestRedis;
let recording: Recording;
let experimentId: string;

beforeAll(async () => {
  server = await createTestRedis();
  const keyPrefix = server.keyPrefix.replace(/:$/, "");
  recording = await openRecording({ REDIS_URL: server.url, REDIS_KEY_PREFIX: keyPrefix }, logger);
  [experimentId = ""] = await storeExperiments(recording.runtime.storage.configuration, environmentId, 1);
}, 60_000);

afterAll(async () => {
  await recording.close();
  await server.clean();
});

function drain(name: string): Drain<EventRecord> {
  const { redis, runtime } = recording;
  const sink = eventSink(runtime.storage.events.recorder, createMetrics().events);
  const metrics = createEventDrainMetrics(new Registry());
  return new Drain({
    stream: redis.eventStream(name),
    sink,
    metrics,
    logger,
    batchSize: 100,
    readWaitMillis: 50,
    stalledMillis: 100,
    reclaimIntervalMillis: 50,
  });
}

const kept = async (subjectId: string): Promise<readonly string[]> => {
  const { events } = await recording.runtime.storage.events.log.list({ environmentId, subjectId, limit: 5_000 });
  return events.map(({ eventId }) => eventId);
};

describe("queued events", () => {
  it("are kept by workers, once, whatever dies with them in hand, and leave decisions alone", async () => {
    const { redis } = recording;
    const subjectId = randomUUID();
    const events = Array.from({ length: 1_000 }, () => sampleEvent({ subjectId, properties: { note: "a\nb" } }));
    await redis.eventQueue.enqueue(events.slice(0, 600));
    await redis.eventQueue.enqueue(events.slice(400));
    // A worker that took some and never came back.
    expect((await redis.eventStream("gone").read(150, 1_000)).length).toBeGreaterThan(0);
    expect(await redis.stream("decisions").read(10, 1)).toEqual([]);
    const drains = [drain("one"), drain("two")];
    for (const each of drains) each.start();
    const observer = redis.eventStream("observer");
    await expect.poll(() => observer.backlog(), { timeout: 20_000 }).toEqual({ unread: 0, pending: 0 });
    await Promise.all(drains.map((each) => each.stop()));
    const ids = await kept(subjectId);
    expect(ids).toHaveLength(events.length);
    expect(new Set(ids)).toEqual(new Set(events.map(({ eventId }) => eventId)));
    expect(await redis.eventDeadLetters.size()).toBe(0);
  }, 60_000);

  it("are set aside with the reason when they can never be kept, and harm no neighbour", async () => {
    const { redis } = recording;
    const decision = assigningDecision({ environmentId, subjectId: randomUUID() }, experimentId);
    await recording.runtime.storage.sink.write([decision]);
    const wrong = sampleExposure({ ...decision, subjectId: randomUUID() });
    const right = sampleExposure(decision);
    await redis.eventQueue.enqueue([wrong, right]);
    const worker = drain("three");
    worker.start();
    await expect.poll(() => redis.eventDeadLetters.size(), { timeout: 20_000 }).toBe(1);
    await expect
      .poll(() => redis.eventStream("observer").backlog(), { timeout: 20_000 })
      .toEqual({ unread: 0, pending: 0 });
    await worker.stop();
    expect(await kept(decision.subjectId)).toEqual([right.eventId]);
    expect(await redis.eventDeadLetters.list(10)).toMatchObject([{ reason: "rejected: wrong_subject", item: wrong }]);
  }, 60_000);
});

import { LottyError, type DecisionQueue, type DecisionRecord, type JsonObject } from "@lotty/domain";
import { attributesDigest, canonicalJson, compileSnapshot } from "@lotty/engine";
import { KeepingDecisionCache } from "@lotty/testkit/fakes/keeping-decision-cache";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { MemoryDecisionSpool } from "@lotty/testkit/fakes/memory-decision-spool";
import { memoryRecords } from "@lotty/testkit/fakes/memory-records";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { UnsteadyDecisionStore } from "@lotty/testkit/fakes/unsteady-decision-store";
import { configurations, parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { AttributeRecording } from "./attribute-recording.ts";
import { createDecider } from "./create-decider.ts";
import type { Decider } from "./decider.ts";
import type { WriteMode } from "./recording.ts";
import { createSpooling, type Spooling } from "./spooling/create-spooling.ts";

const attributes = { plan: "pro", country: "DE", tags: ["b", "a"] };
const subject = { id: "someone", attributes };
const digest = attributesDigest(attributes);
const [configuration] = fc.sample(configurations, { seed: 7, numRuns: 1 });
const flags = (configuration?.flags ?? []).map(({ key }) => key);

class Queue implements DecisionQueue {
  readonly decisions: DecisionRecord[] = [];
  failure: LottyError | undefined;

  async enqueue(decisions: readonly DecisionRecord[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.decisions.push(...decisions);
  }
}

let world: UnsteadyDecisionStore;
let queue: Queue;
let spool: MemoryDecisionSpool;
let spooling: Spooling;
let timer: ManualTimer;

beforeEach(() => {
  world = new UnsteadyDecisionStore();
  queue = new Queue();
  spool = new MemoryDecisionSpool();
  timer = new ManualTimer();
  const { history, probe, recorder, sink } = world;
  const clock = new ManualClock(TEST_NOW);
  const ports = { spool, recorder, history, sink, probe, clock, timer, logger: new RecordingLogger() };
  spooling = createSpooling({ ...ports, patienceMillis: 100 });
  spooling.start();
});

function decider(recording: AttributeRecording | undefined, writeMode: WriteMode = "sync"): Decider {
  if (configuration === undefined) throw new Error("There is no configuration.");
  const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
  return createDecider({
    snapshots: { current: () => snapshot, refresh: () => Promise.resolve(snapshot) },
    recorder: spooling.recorder,
    history: world.history,
    outageHistory: spooling.histories,
    historyCache: null,
    historyCacheTtlSeconds: 0,
    cache: new KeepingDecisionCache(),
    cacheTtlSeconds: 60,
    queue,
    writeMode,
    ...(recording !== undefined && { attributes: recording }),
    metrics: new RecordingMetrics(),
    clock: new ManualClock(TEST_NOW),
    ids: new SequentialIds(),
    logger: new RecordingLogger(),
  });
}

/** What is on record of the attributes of each stored decision. */
async function onRecord(): Promise<readonly (JsonObject | null)[]> {
  const { recordedAttributes } = memoryRecords(world.store);
  return Promise.all(world.store.decisions.map((each) => recordedAttributes.of(each)));
}

const digests = (): readonly (string | null)[] => world.store.decisions.map((each) => each.attributesDigest);
const allOf = <Value>(value: Value): readonly Value[] => flags.map(() => value);

describe("what is recorded of attributes", () => {
  it("is their digest unless something else is wanted", async () => {
    await decider(undefined).decideForFlags(flags, { subject });
    expect(flags.length).toBeGreaterThan(1);
    expect(digests()).toStrictEqual(allOf(digest));
    expect(await onRecord()).toStrictEqual(allOf(null));
  });

  it("is nothing where nothing is wanted, and outcomes are kept all the same", async () => {
    const deciding = decider("none");
    await deciding.decideForFlags(flags, { subject });
    const again = await deciding.decideForFlags(flags, { subject });
    expect(digests()).toStrictEqual([...allOf(null), ...allOf(null)]);
    expect(await onRecord()).toStrictEqual([...allOf(null), ...allOf(null)]);
    expect(again.map(({ source }) => source)).toContain("cache");
  });

  it("is all of them in full mode, also with outcomes from the cache", async () => {
    const deciding = decider("full");
    await deciding.decideForFlags(flags, { subject });
    await deciding.decideForFlags(flags, { subject });
    expect(digests()).toStrictEqual([...allOf(digest), ...allOf(digest)]);
    expect(await onRecord()).toStrictEqual([...allOf(attributes), ...allOf(attributes)]);
  });

  it("is nothing but the digest where there are none", async () => {
    await decider("full", "async").decideForFlags(flags, { subject: { id: "someone", attributes: {} } });
    expect(queue.decisions.length).toBeGreaterThan(0);
    for (const decision of queue.decisions) expect(decision).not.toHaveProperty("attributes");
    await world.sink.write(queue.decisions);
    expect(await onRecord()).toStrictEqual(allOf({}));
  });

  it("goes through the stream as canonical text", async () => {
    await decider("full", "async").decideForFlags(flags, { subject });
    expect(queue.decisions.length).toBeGreaterThan(0);
    for (const decision of queue.decisions) expect(decision.attributes).toBe(canonicalJson(attributes));
    await world.sink.write(queue.decisions);
    expect(await onRecord()).toStrictEqual(allOf(attributes));
  });

  it("is written synchronously when the stream refuses", async () => {
    queue.failure = new LottyError("decision_stream_unavailable", "Full.");
    await decider("full", "async").decideForFlags(flags, { subject });
    expect(await onRecord()).toStrictEqual(allOf(attributes));
  });

  it("goes through the spool while the store is away", async () => {
    world.mood = "down";
    await decider("full").decideForFlags(flags, { subject });
    expect(spool.waiting).toHaveLength(flags.length);
    world.mood = "up";
    for (let round = 0; round < 100 && spooling.state !== "closed"; round += 1) {
      timer.fire();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await onRecord()).toStrictEqual(allOf(attributes));
  });

  it("is nothing of a peek", async () => {
    await decider("full").decideForFlags(flags, { subject, peek: true });
    expect(world.store.decisions).toStrictEqual([]);
  });
});

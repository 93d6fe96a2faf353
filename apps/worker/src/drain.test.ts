import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LottyError, type DecisionRecord, type DecisionSink } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionStream } from "@lotty/testkit/fakes/memory-decision-stream";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { Drain, type DrainOptions } from "./drain.ts";
import { createWorkerMetrics, type WorkerMetrics } from "./worker-metrics.ts";

/** A store that writes each decision once, and can be away or refuse some. */
class FakeSink implements DecisionSink {
  readonly rows = new Map<string, DecisionRecord>();
  readonly batches: number[] = [];
  failure: LottyError | undefined;
  readonly bad = new Set<string>();

  async write(decisions: readonly DecisionRecord[]): Promise<void> {
    this.batches.push(decisions.length);
    if (this.failure !== undefined) throw this.failure;
    if (decisions.some(({ subjectId }) => this.bad.has(subjectId))) {
      throw new LottyError("decision_rejected", "The row is refused.", { details: { sqlState: "22P05" } });
    }
    for (const decision of decisions) this.rows.set(decision.decisionId, decision);
  }
}

let clock: ManualClock;
let stream: MemoryDecisionStream;
let sink: FakeSink;
let logger: RecordingLogger;
let registry: Registry;
let metrics: WorkerMetrics;
const drains: Drain<DecisionRecord>[] = [];

beforeEach(() => {
  clock = new ManualClock(0);
  stream = new MemoryDecisionStream({ clock });
  sink = new FakeSink();
  logger = new RecordingLogger();
  registry = new Registry();
  metrics = createWorkerMetrics(registry);
});
afterEach(() => Promise.all(drains.splice(0).map((drain) => drain.stop())));

function start(more: Partial<DrainOptions<DecisionRecord>> = {}): Drain<DecisionRecord> {
  const drain = new Drain({
    stream: stream.member(),
    sink,
    metrics,
    logger,
    batchSize: 10,
    readWaitMillis: 20,
    ...more,
  });
  drains.push(drain);
  drain.start();
  return drain;
}

async function enqueue(from: number, count: number): Promise<void> {
  await stream.enqueue(Array.from({ length: count }, (_, index) => sampleDecision(from + index)));
}

const done = { unread: 0, pending: 0 };

async function untilDone(): Promise<void> {
  await expect.poll(() => stream.backlog(), { timeout: 3_000, interval: 5 }).toStrictEqual(done);
}

async function metric(name: string): Promise<unknown> {
  return (await registry.getSingleMetric(name)?.get())?.values;
}

describe("a drain", () => {
  it("writes what is queued in batches and acknowledges it", async () => {
    await enqueue(0, 25);
    start();
    await untilDone();
    expect(sink.rows.size).toBe(25);
    expect(sink.batches).toStrictEqual([10, 10, 5]);
    expect(await metric("lotty_worker_decisions_written_total")).toMatchObject([{ value: 25 }]);
  });

  it("acknowledges only after the write", async () => {
    const writing = Promise.withResolvers<void>();
    vi.spyOn(sink, "write").mockReturnValueOnce(writing.promise);
    await enqueue(0, 3);
    start();
    await expect.poll(() => stream.backlog()).toStrictEqual({ unread: 0, pending: 3 });
    writing.resolve();
    await untilDone();
  });

  it("writes what comes later", async () => {
    start();
    await enqueue(0, 1);
    await untilDone();
    await enqueue(1, 1);
    await untilDone();
    expect(sink.rows.size).toBe(2);
  });

  it("sets decisions aside that can never be written, with the reason, and writes their neighbours", async () => {
    await enqueue(0, 10);
    sink.bad.add("subject-3").add("subject-7");
    start();
    await untilDone();
    expect(sink.rows.size).toBe(8);
    const letters = await stream.deadLetters.list(10);
    expect(letters.map(({ reason }) => reason)).toStrictEqual([
      "decision_rejected: The row is refused., sqlState 22P05",
      "decision_rejected: The row is refused., sqlState 22P05",
    ]);
    expect(letters[0]?.payload).toContain("subject-3");
    expect(JSON.stringify(logger.lines)).not.toContain("subject-");
    expect(await metric("lotty_worker_decisions_set_aside_total")).toMatchObject([
      { labels: { cause: "malformed" }, value: 0 },
      { labels: { cause: "rejected" }, value: 2 },
    ]);
  });

  it("sets malformed entries aside and writes the others", async () => {
    await enqueue(0, 1);
    stream.appendMalformed("not a decision");
    await enqueue(1, 1);
    start();
    await untilDone();
    expect(sink.rows.size).toBe(2);
    expect(await stream.deadLetters.list(10)).toMatchObject([
      { reason: "malformed: the payload is no decision", payload: "not a decision" },
    ]);
  });

  it("keeps everything while the database is away, says so, and goes on when it is back", async () => {
    sink.failure = new LottyError("decision_store_unavailable", "away");
    await enqueue(0, 25);
    const drain = start();
    await expect.poll(() => drain.interruption).toBe("decision_store_unavailable");
    expect(await stream.backlog()).toStrictEqual({ unread: 15, pending: 10 });
    await expect.poll(() => sink.batches.length).toBeGreaterThan(1);
    sink.failure = undefined;
    await untilDone();
    expect(sink.rows.size).toBe(25);
    expect(drain.interruption).toBeUndefined();
    expect(await stream.deadLetters.size()).toBe(0);
    expect(logger.events).toStrictEqual(["worker_interrupted", "worker_resumed"]);
  });

  it("goes on when the stream is back", async () => {
    const member = stream.member();
    const away = new LottyError("decision_stream_unavailable", "away");
    vi.spyOn(member, "read").mockRejectedValueOnce(away);
    vi.spyOn(member, "acknowledge").mockRejectedValueOnce(away);
    await enqueue(0, 5);
    start({ stream: member });
    await untilDone();
    expect(sink.rows.size).toBe(5);
    expect(logger.events.filter((event) => event === "worker_resumed")).toHaveLength(2);
  });

  it("takes over what another worker did not finish, when it has waited long enough", async () => {
    await enqueue(0, 25);
    await stream.member().read(25, 0);
    clock.advance(1_000_000);
    start({ stalledMillis: 2_000, reclaimIntervalMillis: 20 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(sink.rows.size).toBe(0);
    clock.advance(1_000_000);
    await untilDone();
    expect(sink.rows.size).toBe(25);
    expect(await metric("lotty_worker_decisions_reclaimed_total")).toMatchObject([{ value: 25 }]);
  });

  it("finishes the batch in hand when it is stopped, and takes no more", async () => {
    const writing = Promise.withResolvers<void>();
    const write = vi.spyOn(sink, "write").mockReturnValueOnce(writing.promise);
    await enqueue(0, 25);
    const drain = start();
    await expect.poll(() => write.mock.calls.length).toBe(1);
    const stopped = drain.stop();
    writing.resolve();
    await stopped;
    expect(await stream.backlog()).toStrictEqual({ unread: 15, pending: 0 });
  });

  it("can be stopped while the database is away, and leaves the batch to others", async () => {
    sink.failure = new LottyError("decision_store_unavailable", "away");
    await enqueue(0, 5);
    const drain = start();
    await expect.poll(() => drain.interruption).toBeDefined();
    const begin = performance.now();
    await drain.stop();
    expect(performance.now() - begin).toBeLessThan(500);
    expect(await stream.backlog()).toStrictEqual({ unread: 0, pending: 5 });
    sink.failure = undefined;
    clock.advance(60_000_000);
    start();
    await untilDone();
    expect(sink.rows.size).toBe(5);
  });

  it("may be stopped before it was started, and twice", async () => {
    const drain = new Drain({ stream, sink, metrics, logger, batchSize: 10 });
    await drain.stop();
    await drain.stop();
    drain.start();
    await enqueue(0, 1);
    expect(await stream.backlog()).toStrictEqual({ unread: 1, pending: 0 });
  });

  it("shares the work with others and writes each decision once", async () => {
    const written: string[] = [];
    const write = sink.write.bind(sink);
    vi.spyOn(sink, "write").mockImplementation(async (decisions) => {
      await new Promise(setImmediate);
      written.push(...decisions.map(({ decisionId }) => decisionId));
      return write(decisions);
    });
    start();
    start();
    for (let index = 0; index < 20; index += 1) await enqueue(index * 10, 10);
    await untilDone();
    expect(written).toHaveLength(200);
    expect(new Set(written).size).toBe(200);
  });
});

import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { LottyError, type DecisionRecord, type DecisionSink, type DecisionStream } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { Drain } from "./drain.ts";
import { openRecording, type Recording } from "./testing/open-recording.ts";
import { createWorkerMetrics } from "./worker-metrics.ts";

/** Processes start slowly when the machine is busy; in milliseconds. */
const PATIENCE = 60_000;

const workerFolder = fileURLToPath(new URL("..", import.meta.url));

let redis: TestRedis;
let recording: Recording;
let observer: DecisionStream;
const logger = new RecordingLogger();

beforeAll(async () => {
  redis = await createTestRedis();
  const keyPrefix = redis.keyPrefix.replace(/:$/, "");
  recording = await openRecording({ REDIS_URL: redis.url, REDIS_KEY_PREFIX: keyPrefix, LOG_LEVEL: "info" }, logger);
  observer = recording.redis.stream("observer");
}, PATIENCE);
afterAll(async () => {
  await recording.close();
  await redis.clean();
});

const drains: Drain<DecisionRecord>[] = [];
const children: ChildProcess[] = [];
beforeEach(async () => {
  await redis.clean();
  await recording.pg.query("TRUNCATE decisions");
});
afterEach(async () => {
  await Promise.all(drains.splice(0).map((drain) => drain.stop()));
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** The write of a worker in this process, which reclaims soon. */
function startDrain(name: string, sink: DecisionSink = recording.runtime.storage.sink): Drain<DecisionRecord> {
  const drain = new Drain({
    stream: recording.redis.stream(name),
    sink,
    metrics: createWorkerMetrics(new Registry()),
    logger,
    batchSize: 500,
    stalledMillis: 300,
    reclaimIntervalMillis: 100,
    readWaitMillis: 50,
  });
  drains.push(drain);
  drain.start();
  return drain;
}

async function enqueue(count: number, change: (index: number) => Partial<DecisionRecord> = () => ({})): Promise<void> {
  for (let start = 0; start < count; start += 100) {
    const size = Math.min(100, count - start);
    await recording.redis.queue.enqueue(
      Array.from({ length: size }, (_, index) => ({ ...sampleDecision(start + index), ...change(start + index) })),
    );
  }
}

async function untilDone(): Promise<void> {
  await expect.poll(() => observer.backlog(), { timeout: PATIENCE / 2 }).toStrictEqual({ unread: 0, pending: 0 });
}

async function rows(): Promise<{ readonly all: number; readonly different: number }> {
  const { rows: counts } = await recording.pg.query<{ all: number; different: number }>(
    'SELECT count(*)::int AS "all", count(DISTINCT decision_id)::int AS different FROM decisions',
  );
  return counts[0] ?? { all: 0, different: 0 };
}

/** Runs a program in a process of its own and collects what it says. */
function launch(
  args: readonly string[],
  env: Record<string, string>,
): { readonly child: ChildProcess; readonly output: () => string } {
  const child = spawn(process.execPath, ["--conditions=@lotty/source", ...args], {
    cwd: workerFolder,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

/** A worker that commits a batch and then hangs, never to acknowledge it. */
const COMMITS_AND_HANGS = `
  import { Registry } from "prom-client";
  import { loadConfig } from "@lotty/config";
  import { openRuntime } from "@lotty/runtime";
  import { Drain } from "./src/drain.ts";
  import { createWorkerMetrics } from "./src/worker-metrics.ts";
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const runtime = await openRuntime(loadConfig(process.env).config, { role: "worker", logger });
  await runtime.ready;
  let batches = 0;
  const sink = {
    async write(decisions) {
      await runtime.storage.sink.write(decisions);
      batches += 1;
      if (batches < 3) return;
      process.stdout.write("committed " + decisions.length + "\\n");
      await new Promise(() => {});
    },
  };
  const stream = runtime.redis.stream("to-be-killed");
  new Drain({ stream, sink, metrics: createWorkerMetrics(new Registry()), logger, batchSize: 200 }).start();
`;

/** Where the process says it serves its health and metrics. */
function urlIn(output: string): string {
  const line = output.split("\n").find((each) => each.includes("worker_listening")) ?? "";
  return `http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1] ?? "unknown"}`;
}

describe("workers", { timeout: PATIENCE }, () => {
  it("write 10,000 decisions once each, though one is killed between commit and acknowledgement", async () => {
    const { child, output } = launch(["--input-type=module", "--eval", COMMITS_AND_HANGS], recording.environment);
    await enqueue(1_000);
    await expect.poll(output, { timeout: PATIENCE / 2 }).toMatch(/^committed \d+\n$/);
    const committed = Number(/\d+/.exec(output())?.[0]);
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    const pending = (await observer.backlog()).pending;
    expect(pending).toBe(committed);

    startDrain("survivor-1");
    startDrain("survivor-2");
    for (let index = 1_000; index < 10_000; index += 100) {
      await recording.redis.queue.enqueue(Array.from({ length: 100 }, (_, offset) => sampleDecision(index + offset)));
    }
    await untilDone();
    expect(await rows()).toStrictEqual({ all: 10_000, different: 10_000 });
  });

  it("write the attributes of decisions that bring them along", async () => {
    const attributes = '{"plan":"pro"}';
    const attributesDigest = createHash("sha256").update(attributes).digest("hex");
    // The first has none, as an API of the version before queues it.
    await enqueue(200, (index) => (index === 0 ? { attributesDigest } : { attributes, attributesDigest }));
    startDrain("worker");
    await untilDone();
    const { recordedAttributes } = recording.runtime.storage;
    const found = await Promise.all(
      [0, 1, 199].map((index) => recordedAttributes.of({ ...sampleDecision(index), attributesDigest })),
    );
    expect(found).toStrictEqual([null, { plan: "pro" }, { plan: "pro" }]);
    expect((await rows()).all).toBe(200);
  });

  it("write once what two of them have in hand", async () => {
    await enqueue(1_000);
    const slow = Promise.withResolvers<void>();
    onTestFailed(() => slow.resolve());
    const held: number[] = [];
    // Stopped past the time after which others take over, then resumed.
    startDrain("stopped", {
      write: async (decisions) => {
        held.push(decisions.length);
        await slow.promise;
        await recording.runtime.storage.sink.write(decisions);
      },
    });
    await expect.poll(() => held.length).toBe(1);
    startDrain("quick");
    await untilDone();
    expect((await rows()).all).toBe(1_000);
    slow.resolve();
    await Promise.all(drains.splice(0).map((drain) => drain.stop()));
    expect(await rows()).toStrictEqual({ all: 1_000, different: 1_000 });
  });

  it("set bad decisions aside with the database's reason, write all others, and can retry", async () => {
    const bad = new Set([3, 500, 501, 999]);
    await enqueue(1_000, (index) => (bad.has(index) ? { value: "\u0000" } : {}));
    startDrain("worker");
    await untilDone();
    expect((await rows()).all).toBe(996);
    const letters = await recording.redis.deadLetters.list(10);
    expect(letters).toHaveLength(4);
    for (const { id, reason } of letters) {
      expect(reason).toMatch(/^decision_rejected: /);
      expect(await recording.redis.deadLetters.retry(id)).toBe("retried");
    }
    await untilDone();
    await expect.poll(() => recording.redis.deadLetters.size()).toBe(4);
    expect((await rows()).all).toBe(996);
  });

  it("set a bad decision aside once, though one of them dies in the middle of the decisions that came with it", async () => {
    await enqueue(100, (index) => (index === 3 ? { value: "\u0000" } : {}));
    const { deadLetters } = recording.redis;
    const dead = Promise.withResolvers<never>();
    startDrain("dying", {
      write: async (decisions) => {
        if ((await deadLetters.size()) > 0) await dead.promise;
        await recording.runtime.storage.sink.write(decisions);
      },
    });
    await expect.poll(() => deadLetters.size()).toBe(1);
    expect((await observer.backlog()).pending).toBe(96);
    startDrain("survivor");
    await untilDone();
    expect(await rows()).toStrictEqual({ all: 99, different: 99 });
    expect(await deadLetters.size()).toBe(1);
    const ending = drains.splice(0).map((drain) => drain.stop());
    dead.reject(new LottyError("decision_store_unavailable", "The worker has died."));
    await Promise.all(ending);
  });
});

describe("the worker process", { timeout: PATIENCE }, () => {
  it("drains the stream, shows its health and metrics, and ends in good order", async () => {
    const { child, output } = launch(["src/main.ts"], recording.environment);
    await expect.poll(output, { timeout: PATIENCE / 2 }).toContain('"event":"worker_started"');
    const url = urlIn(output());
    await enqueue(2_000);
    await untilDone();
    expect(await rows()).toStrictEqual({ all: 2_000, different: 2_000 });

    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: "ready",
      checks: { drain: { status: "ok" }, redis: { status: "ok" }, database: { status: "ok" } },
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain("\nlotty_worker_decisions_written_total 2000\n");
    expect(metrics).toContain('lotty_stream_backlog{state="pending"} 0');
    // The samples are of a day long gone, so they are strays; but the process looked before there were any.
    expect(metrics).toContain("\nlotty_decisions_astray 0\n");

    const exit = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exit).toStrictEqual([0, null]);
    expect(output()).toContain('"event":"shutdown_finished"');
    expect(output()).not.toContain('"level":"error"');
  });

  it.each<[string, Record<string, string>, number, string]>([
    ["without Redis", { REDIS_URL: "" }, 3, "REDIS_URL"],
    ["with a setting that is wrong", { WORKER_PORT: "many" }, 3, "WORKER_PORT"],
  ])("does not start %s and says why", async (_, change, code, text) => {
    const { child, output } = launch(["src/main.ts"], { ...recording.environment, ...change });
    expect(await once(child, "exit")).toStrictEqual([code, null]);
    expect(output()).toContain(text);
  });

  it("runs, not ready, while the database is away, and ends in good order", async () => {
    const { child, output } = launch(["src/main.ts"], {
      ...recording.environment,
      DATABASE_URL: "postgres://nobody@127.0.0.1:1/nowhere",
    });
    await expect.poll(output, { timeout: PATIENCE / 2 }).toContain('"event":"worker_listening"');
    expect((await fetch(`${urlIn(output())}/readyz`)).status).toBe(503);
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exit).toStrictEqual([0, null]);
  });
});

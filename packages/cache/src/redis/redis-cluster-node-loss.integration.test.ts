import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DecisionStream } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { startRedisCluster, type RedisCluster, type RedisClusterOptions } from "@lotty/test-servers/redis-cluster";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { slotOf } from "./hash-slot.ts";
import { openRedis, type OpenRedisOptions, type RedisConnections } from "./open-redis.ts";
import { shardTag } from "./shard-tag.ts";

let cluster: RedisCluster | undefined;
let logger: RecordingLogger;
const opened: RedisConnections[] = [];
beforeEach(() => {
  logger = new RecordingLogger();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((redis) => redis.close()));
  await cluster?.stop();
  cluster = undefined;
});

async function start(options?: RedisClusterOptions): Promise<RedisCluster> {
  cluster = await startRedisCluster(options);
  return cluster;
}

/** One process, told of two nodes. */
async function open({ urls }: RedisCluster, options: Partial<OpenRedisOptions> = {}): Promise<RedisConnections> {
  const redis = await openRedis({ url: urls.slice(0, 2), cluster: true, streamShards: 6, logger, ...options });
  opened.push(redis);
  return redis;
}

/** Takes and acknowledges entries until it is told to stop, as a worker does: also after failures. */
function work(stream: DecisionStream): { readonly done: Set<string>; stop(): Promise<void> } {
  const done = new Set<string>();
  const stopping = new AbortController();
  const round = async (): Promise<void> => {
    const stalled = await stream.reclaim(100, 500);
    const entries = stalled.length > 0 ? stalled : await stream.read(100, 100);
    for (const { item } of entries) if (!("malformed" in item)) done.add(item.subjectId);
    await stream.acknowledge(entries.map(({ id }) => id));
  };
  const working = (async () => {
    while (!stopping.signal.aborted) await round().catch(() => sleep(50));
  })();
  return {
    done,
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}

/** Queues decisions one after the other until it is told to stop. */
function produce({ queue }: RedisConnections): {
  readonly queued: string[];
  readonly refused: string[];
  stop(): Promise<void>;
} {
  const queued: string[] = [];
  const refused: string[] = [];
  const stopping = new AbortController();
  const producing = (async () => {
    for (let index = 0; !stopping.signal.aborted; index += 1) {
      const decision = sampleDecision(index);
      await queue.enqueue([decision]).then(
        () => queued.push(decision.subjectId),
        () => refused.push(decision.subjectId),
      );
      await sleep(1);
    }
  })();
  return {
    queued,
    refused,
    stop: async () => {
      stopping.abort();
      await producing;
    },
  };
}

/** The shards that one of three nodes has. */
function shardsOfNode(node: number, shards: number): readonly number[] {
  return [...Array(shards).keys()].filter((shard) => Math.floor((slotOf(shardTag(shard)) * 3) / 16_384) === node);
}

describe("a Redis Cluster that loses a node", () => {
  it("keeps what it has queued, takes more meanwhile, and hands everything out", async () => {
    const servers = await start();
    const [producer, worker] = [await open(servers), await open(servers)];
    const workers = work(worker.stream("worker"));
    const load = produce(producer);
    await expect.poll(() => workers.done.size, { timeout: 10_000 }).toBeGreaterThan(100);

    await servers.killNode(1);
    const [queuedBefore, doneBefore] = [load.queued.length, workers.done.size];
    await expect.poll(() => load.queued.length, { timeout: 10_000 }).toBeGreaterThan(queuedBefore + 500);
    await expect.poll(() => workers.done.size, { timeout: 10_000 }).toBeGreaterThan(doneBefore + 500);
    // The others take over at once: what was under way when the node went is all that may be refused.
    expect(load.refused.length).toBeLessThanOrEqual(2);

    await servers.restartNode(1);
    await sleep(1_500);
    await load.stop();
    await expect.poll(() => load.queued.filter((id) => !workers.done.has(id)), { timeout: 10_000 }).toStrictEqual([]);
    await workers.stop();
    expect(await worker.stream("observer").backlog()).toStrictEqual({ unread: 0, pending: 0 });
  });

  it("hands out what waited in the lost node once it is back", async () => {
    const servers = await start();
    const redis = await open(servers);
    for (let index = 0; index < 60; index += 1) await redis.queue.enqueue([sampleDecision(index)]);
    await servers.killNode(2);
    const workers = work(redis.stream("worker"));
    const away = shardsOfNode(2, 6).length * 10;
    expect(away).toBe(20);
    await expect.poll(() => workers.done.size).toBe(60 - away);
    await sleep(1_000);
    expect(workers.done.size).toBe(60 - away);
    await servers.restartNode(2);
    await expect.poll(() => workers.done.size, { timeout: 5_000 }).toBe(60);
    await workers.stop();
  });

  it("fails fast, and only for what the node has", async () => {
    const servers = await start();
    const redis = await open(servers);
    const subjects = Array.from({ length: 60 }, (_, index) => `subject-${index}`);
    const write = (subject: string): Promise<void> =>
      redis.historyCache.put("env", subject, { history: [], ttlSeconds: 60 });
    for (const subject of subjects) await write(subject);
    await servers.killNode(0);
    const begin = performance.now();
    const outcomes = await Promise.allSettled(subjects.map(write));
    expect(performance.now() - begin).toBeLessThan(1_000);
    const failed = outcomes.filter(({ status }) => status === "rejected").length;
    expect(failed).toBeGreaterThan(5);
    expect(failed).toBeLessThan(40);
    await expect(redis.durabilityFaults()).rejects.toMatchObject({ code: "decision_stream_unavailable" });
    expect(logger.events).toContain("redis_node_unavailable");
    await servers.restartNode(0);
    await expect
      .poll(() =>
        Promise.all(subjects.map(write)).then(
          () => "written",
          () => "refused",
        ),
      )
      .toBe("written");
    expect(await redis.durabilityFaults()).toStrictEqual([]);
  });

  it("tells of an outage of all nodes at once and comes back", async () => {
    const servers = await start();
    const redis = await open(servers);
    await redis.queue.enqueue([sampleDecision(0)]);
    await Promise.all([0, 1, 2].map((node) => servers.killNode(node)));
    const begin = performance.now();
    const all = await Promise.allSettled(Array.from({ length: 500 }, () => redis.queue.enqueue([sampleDecision(0)])));
    expect(performance.now() - begin).toBeLessThan(1_500);
    expect(all.every(({ status }) => status === "rejected")).toBe(true);
    await expect(redis.stream("worker").read(1, 100)).rejects.toMatchObject({ code: "decision_stream_unavailable" });
    await Promise.all([0, 1, 2].map((node) => servers.restartNode(node)));
    await expect
      .poll(
        () =>
          redis.queue.enqueue([sampleDecision(1)]).then(
            () => "queued",
            () => "refused",
          ),
        { timeout: 5_000 },
      )
      .toBe("queued");
  });

  it("goes on with the replica that takes over", async () => {
    const servers = await start({ replicasPerMaster: 1 });
    const redis = await open(servers);
    for (let index = 0; index < 60; index += 1) await redis.queue.enqueue([sampleDecision(index)]);
    await sleep(200);
    await servers.killNode(1);
    const workers = work(redis.stream("worker"));
    // Without anybody starting the node again.
    await expect.poll(() => workers.done.size, { timeout: 30_000 }).toBe(60);
    await workers.stop();
  });
});

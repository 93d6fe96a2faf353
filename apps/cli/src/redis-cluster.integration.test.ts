import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startRedisCluster, type RedisCluster } from "@lotty/test-servers/redis-cluster";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { loadConfig } from "@lotty/config";
import { openCaches } from "@lotty/runtime";
import { localClock, quietLogger } from "./sources/local-ports.ts";
import { runCommand } from "./testing/captured-terminal.ts";

let cluster: RedisCluster;
let env: Record<string, string>;
beforeAll(async () => {
  cluster = await startRedisCluster();
  env = {
    LOTTY_DATA_DIR: "memory",
    REDIS_URL: cluster.urls.slice(0, 2).join(","),
    REDIS_CLUSTER: "true",
    DECISION_STREAM_SHARDS: "6",
  };
});
afterAll(() => cluster.stop());
afterEach(() => configure("maxmemory-policy", "noeviction"));

async function configure(name: string, value: string, nodes: readonly string[] = cluster.urls): Promise<void> {
  for (const url of nodes) {
    const node = new Redis(url);
    await node.config("SET", name, value);
    node.disconnect();
  }
}

async function doctor(changes: Record<string, string> = {}): Promise<string> {
  return (await runCommand(["doctor"], { env: { ...env, ...changes } })).out;
}

/** Lets a worker set aside so many decisions of the cluster. */
async function setAside(count: number): Promise<void> {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error("the test's settings are wrong");
  const { redis } = await openCaches(loaded.config, { clock: localClock, logger: quietLogger });
  if (redis === null) throw new Error("the test has a Redis");
  for (let index = 0; index < count; index += 1) await redis.queue.enqueue([sampleDecision(index)]);
  const worker = redis.stream("worker");
  for (let left = count; left > 0;) {
    const entries = await worker.read(100, 1_000);
    for (const entry of entries) await worker.setAside(entry, "refused");
    left -= entries.length;
  }
  await redis.close();
}

describe("on Redis Cluster", () => {
  it("lotty dlq lists, retries and drops what lies on all nodes", async () => {
    await setAside(12);
    const listed = await runCommand(["dlq", "list", "--json"], { env });
    const { letters } = JSON.parse(listed.out) as { readonly letters: readonly { id: string; shard: number }[] };
    expect(new Set(letters.map(({ shard }) => shard)).size).toBe(6);
    const dropped = letters.slice(0, 2).map(({ id }) => id);
    expect((await runCommand(["dlq", "drop", ...dropped, "--yes"], { env })).code).toBe(0);
    expect((await runCommand(["dlq", "retry", "--all", "--json"], { env })).code).toBe(0);
    expect((await runCommand(["dlq", "list"], { env })).talk).toBe("There are no dead letters.\n");
  });

  it("lotty doctor tells how the cluster is made up", async () => {
    const out = await doctor();
    expect(out).toMatch(
      /^ok {4}redis +answers in [\d.]+ ms: a cluster of 3 masters and 0 replicas; shards of the stream on each: 2, 2, 2$/m,
    );
    expect(out).toMatch(/^ok {4}redis durability +keeps what it acknowledges$/m);
    expect(out).toContain("REDIS_CLUSTER: true");
  });

  it("lotty doctor names nodes that do nothing for the stream, and masters that need all others", async () => {
    await configure("cluster-require-full-coverage", "yes");
    const out = await doctor({ DECISION_STREAM_SHARDS: "1" });
    await configure("cluster-require-full-coverage", "no");
    expect(out).toMatch(
      /^warn {2}redis +2 masters of 3 have no part of the decision stream. Set DECISION_STREAM_SHARDS/m,
    );
    expect(out).toMatch(/^warn {2}redis +cluster-require-full-coverage is yes/m);
  });

  it("lotty doctor asks every node whether it keeps what it acknowledges", async () => {
    const [, , third = ""] = cluster.urls;
    await configure("maxmemory-policy", "volatile-lru", [third]);
    const out = await doctor({ DECISION_WRITE_MODE: "async" });
    expect(out.match(/^fail {2}redis durability.*$/gm)).toStrictEqual([
      expect.stringContaining(`${new URL(third).host}: maxmemory-policy is volatile-lru`),
    ]);
  });

  it("lotty doctor notices a cluster that is taken for a single server, and the other way round", async () => {
    const single = await doctor({ REDIS_URL: cluster.urls[0] ?? "", REDIS_CLUSTER: "false" });
    expect(single).toMatch(/REDIS_CLUSTER is false, but the server is a node of a Redis Cluster. Set it to true./);
    const taken = await doctor({ REDIS_URL: process.env["LOTTY_TEST_REDIS_URL"] ?? "" });
    expect(taken).toMatch(/^warn {2}redis .*cluster support disabled/m);
  });
});

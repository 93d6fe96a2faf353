import { randomUUID } from "node:crypto";
import { Cluster } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { startRedisCluster, type RedisCluster } from "@lotty/test-servers/redis-cluster";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { describeRedisPorts } from "../testing/describe-redis-ports.ts";
import { RedisKeys } from "./keys.ts";
import { openRedis, type RedisConnections } from "./open-redis.ts";

let cluster: RedisCluster;
let raw: Cluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
  raw = new Cluster([...cluster.urls]);
});
afterAll(async () => {
  raw.disconnect();
  await cluster.stop();
});

/** On a corner of the cluster that nobody has used. */
async function open(keyPrefix = `lotty-test-${randomUUID()}:`, streamShards = 1): Promise<RedisConnections> {
  return openRedis({ url: cluster.urls, cluster: true, keyPrefix, streamShards, logger: new RecordingLogger() });
}

describeRedisPorts("on Redis Cluster", async () => {
  const keyPrefix = `lotty-test-${randomUUID()}:`;
  return { keyPrefix, raw, connect: () => open(keyPrefix) };
});

describe("the names of keys on Redis Cluster", () => {
  const names = new RedisKeys("lotty:");
  const slotAt = (key: string): Promise<number> => raw.cluster("KEYSLOT", key);

  it("keep everything of a shard together, where the client looks for it", async () => {
    for (const shard of [0, 1, 7, 200]) {
      const { deadLetters, progress, slot, stream } = names.shard(shard);
      expect(await Promise.all([stream, deadLetters, progress].map(slotAt))).toStrictEqual([slot, slot, slot]);
    }
  });

  it("spread what is cached, whatever braces its names have, and are sent to the right node at once", async () => {
    const subjects = ["{a}", "}{", "{}", "x{a}y", "\u{1f600}", "{a}b{c}", "}"];
    const slots = new Set<number>();
    const before = await redirections();
    for (const subject of subjects) {
      for (const key of [names.history("env", subject), names.cachedDecision(subject)]) {
        await raw.set(key, "here");
        slots.add(await slotAt(key));
      }
    }
    expect(slots.size).toBe(2 * subjects.length);
    expect(await redirections()).toBe(before);
  });

  /** How often a node has said that a key is elsewhere. */
  async function redirections(): Promise<number> {
    const stats = await Promise.all(raw.nodes("master").map((node) => node.info("errorstats")));
    return stats.reduce((sum, text) => sum + Number(/errorstat_MOVED:count=(\d+)/.exec(text)?.[1] ?? 0), 0);
  }
});

describe("the decision stream on Redis Cluster", () => {
  it("hands each decision to one of two processes, with shards on all nodes", async () => {
    const keyPrefix = `lotty-test-${randomUUID()}:`;
    const [producer, first, second] = await Promise.all([open(keyPrefix, 6), open(keyPrefix, 6), open(keyPrefix, 6)]);
    const layout = await producer.layout();
    expect(layout.description).toContain("3 masters and 0 replicas; shards of the stream on each: 2, 2, 2");
    const members = [first.stream("first"), second.stream("second")];
    const sent = Array.from({ length: 300 }, (_, index) => sampleDecision(index));
    await Promise.all(sent.map((decision) => producer.queue.enqueue([decision])));
    const seen = await Promise.all(
      members.map(async (member) => {
        const subjects: string[] = [];
        for (;;) {
          const entries = await member.read(20, 300);
          if (entries.length === 0) return subjects;
          for (const { item } of entries) if (!("malformed" in item)) subjects.push(item.subjectId);
          await member.acknowledge(entries.map(({ id }) => id));
        }
      }),
    );
    expect(seen.flat().toSorted()).toStrictEqual(sent.map(({ subjectId }) => subjectId).toSorted());
    expect(await producer.stream("observer").backlog()).toStrictEqual({ unread: 0, pending: 0 });
    await Promise.all([producer, first, second].map((redis) => redis.close()));
  });
});

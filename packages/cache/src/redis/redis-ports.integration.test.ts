import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { describeRedisPorts } from "../testing/describe-redis-ports.ts";
import { RedisKeys } from "./keys.ts";
import { openRedis, type RedisConnections } from "./open-redis.ts";

let server: TestRedis;
let raw: Redis;
beforeAll(async () => {
  server = await createTestRedis();
  raw = new Redis(server.url);
});
afterAll(async () => {
  await server.clean();
  raw.disconnect();
});

const keys = (): RedisKeys => new RedisKeys(server.keyPrefix);
let logger: RecordingLogger;
beforeEach(() => {
  logger = new RecordingLogger();
});

function connect(): Promise<RedisConnections> {
  return openRedis({ url: server.url, keyPrefix: server.keyPrefix, logger });
}

/** On an empty corner of the server. */
async function open(): Promise<RedisConnections> {
  await server.clean();
  return connect();
}

describeRedisPorts("on Redis", async () => {
  await server.clean();
  return { keyPrefix: server.keyPrefix, raw, connect };
});

describe("ports on Redis", () => {
  let redis: RedisConnections;
  beforeEach(async () => {
    redis = await open();
  });
  afterEach(() => redis.close());

  it("take a damaged or foreign value under a cached decision's key for none, and replace it", async () => {
    const key = keys().cachedDecision("key");
    const entry = { reason: "no_variants", experimentId: "e", variantId: null } as const;
    const texts = [
      "",
      "null",
      "{}",
      "[",
      "[1]",
      '[2,"no_variants","e",null]',
      '[1,"no_such_reason","e",null]',
      '[1,"no_variants",7,null]',
    ];
    for (const text of texts) {
      await raw.set(key, text);
      expect([text, await redis.decisionCache.get("key")]).toStrictEqual([text, undefined]);
    }
    await raw.del(key);
    await raw.lpush(key, "a list");
    expect(await redis.decisionCache.get("key")).toBeUndefined();
    await redis.decisionCache.set("key", entry, 60);
    expect(await redis.decisionCache.get("key")).toStrictEqual(entry);
  });

  it("take a damaged or foreign history for none, merge nothing into it, and replace it", async () => {
    const key = keys().history("env", "subject");
    const assignment = { experimentId: "e", variantId: "v", firstDecidedAt: 1, lastDecidedAt: 2 };
    const damaged: readonly Record<string, string>[] = [
      { e: '["v",1,2]' },
      { "": "2", e: '["v",1,2]' },
      { "": "1", e: "broken" },
      { "": "1", e: '["v",1.5,2]' },
      { "": "1", e: '["v",1]' },
    ];
    for (const fields of damaged) {
      await raw.del(key);
      await raw.hset(key, fields);
      expect([fields, await redis.historyCache.get("env", "subject")]).toStrictEqual([fields, undefined]);
    }
    await raw.del(key);
    await raw.hset(key, { "": "2", e: "of a later version" });
    await redis.historyCache.merge("env", "subject", [assignment]);
    expect(await raw.hgetall(key)).toStrictEqual({ "": "2", e: "of a later version" });
    await raw.del(key);
    await raw.set(key, "a string");
    await redis.historyCache.merge("env", "subject", [assignment]);
    expect(await redis.historyCache.get("env", "subject")).toBeUndefined();
    await redis.historyCache.put("env", "subject", { history: [assignment], ttlSeconds: 60 });
    expect(await redis.historyCache.get("env", "subject")).toStrictEqual([assignment]);
  });

  it("give every cached value an end", async () => {
    await redis.decisionCache.set("key", { reason: "no_variants", experimentId: "e", variantId: null }, 60);
    await redis.historyCache.put("env", "subject", { history: [], ttlSeconds: 60 });
    for (const key of await raw.keys(`${server.keyPrefix}*`)) expect(await raw.ttl(key)).toBeGreaterThan(0);
  });

  it("ignore a malformed notice with a line in the log", async () => {
    const heard: unknown[] = [];
    await redis.notices.subscribe((notice) => heard.push(notice));
    for (const message of [
      "no json",
      "null",
      "{}",
      '{"environment_id":"e","revision":-1}',
      '{"environment_id":1,"revision":1}',
    ]) {
      await raw.publish(keys().notices(), message);
    }
    await redis.notices.publish({ environmentId: "env", revision: 1 });
    await expect.poll(() => heard).toStrictEqual([{ environmentId: "env", revision: 1 }]);
    expect(logger.events.filter((event) => event === "change_notice_malformed")).toHaveLength(5);
  });

  it("refuse a prefix that would move the hash tags", async () => {
    const opening = openRedis({ url: server.url, keyPrefix: "a{b}", logger });
    await expect(opening).rejects.toMatchObject({ code: "invalid_configuration" });
  });
});

import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { findFaults, type DurabilitySettings } from "./durability-faults.ts";
import { openRedis } from "./open-redis.ts";

describe("durability faults", () => {
  const safe: DurabilitySettings = { policy: "noeviction", appendOnly: "1", fsync: "everysec" };

  it("are none on a server that keeps what it acknowledged", () => {
    expect(findFaults(safe)).toStrictEqual([]);
    expect(findFaults({ ...safe, fsync: "always" })).toStrictEqual([]);
    expect(findFaults({ ...safe, fsync: undefined })).toStrictEqual([]);
  });

  it.each<[Partial<DurabilitySettings>, RegExp]>([
    [{ policy: "allkeys-lru" }, /^maxmemory-policy is allkeys-lru/],
    [{ policy: "allkeys-random" }, /^maxmemory-policy is allkeys-random/],
    [{ policy: "volatile-lru" }, /^maxmemory-policy is volatile-lru.*noeviction/],
    [{ policy: "volatile-ttl" }, /^maxmemory-policy is volatile-ttl.*noeviction/],
    [{ policy: undefined }, /^maxmemory-policy is unknown/],
    [{ appendOnly: "0" }, /^appendonly is no/],
    [{ appendOnly: undefined }, /^appendonly is unknown/],
    [{ fsync: "no" }, /^appendfsync is no/],
  ])("name the setting of %o", (settings, message) => {
    expect(findFaults({ ...safe, ...settings })).toStrictEqual([expect.stringMatching(message)]);
  });

  it("name every setting that is wrong", () => {
    expect(findFaults({ policy: "allkeys-lfu", appendOnly: "0", fsync: "no" })).toHaveLength(2);
  });
});

describe("durability faults of a server", () => {
  let server: TestRedis;
  let raw: Redis;
  beforeAll(async () => {
    server = await createTestRedis();
    raw = new Redis(server.url);
  });
  afterAll(() => raw.disconnect());

  async function faultsAt(url: string): Promise<string[]> {
    const redis = await openRedis({ url, logger: new RecordingLogger() });
    try {
      return await redis.durabilityFaults();
    } finally {
      await redis.close();
    }
  }

  async function setting(name: string): Promise<string | undefined> {
    return (await raw.config("GET", name))[1];
  }

  it("follow from its settings", async () => {
    const expected = findFaults({
      policy: await setting("maxmemory-policy"),
      appendOnly: (await setting("appendonly")) === "yes" ? "1" : "0",
      fsync: await setting("appendfsync"),
    });
    expect(await faultsAt(server.url)).toStrictEqual(expected);
  });

  it("are found also where CONFIG is forbidden", async () => {
    const user = `lotty-test-${randomUUID()}`;
    await raw.acl("SETUSER", user, "on", ">secret", "~*", "&*", "+@all", "-config");
    try {
      const { host } = new URL(server.url);
      expect(await faultsAt(`redis://${user}:secret@${host}`)).toStrictEqual(await faultsAt(server.url));
    } finally {
      await raw.acl("DELUSER", user);
    }
  });
});

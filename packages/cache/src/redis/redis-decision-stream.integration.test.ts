import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { DecisionStream, StreamEntry } from "@lotty/domain";
import {
  enqueueEach,
  idsOf,
  sampleDecision,
  sampleDecisions,
  subjectOf,
} from "@lotty/testkit/suites/decision-stream-fixture";
import { useRedis, type RedisInUse } from "../testing/use-redis.ts";
import { CONSUMER_GROUP } from "./keys.ts";

let server: RedisInUse;
useRedis((redis) => (server = redis));

const ALL = sampleDecisions(300)
  .map(({ subjectId }) => subjectId)
  .toSorted();

async function drain(member: DecisionStream): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const entries = await member.read(20, 200);
    if (entries.length === 0) return all;
    all.push(...entries.map(subjectOf));
    await member.acknowledge(idsOf(entries));
  }
}

describe("the decision stream on Redis", () => {
  it.each([1, 3])("hands each decision to one of two processes, with %i shards", async (streamShards) => {
    const [producer, first, second] = await Promise.all([
      server.open({ streamShards }),
      server.open({ streamShards }),
      server.open({ streamShards }),
    ]);
    const draining = [drain(first.stream("first")), drain(second.stream("second"))];
    for (let start = 0; start < 300; start += 6) {
      await producer.queue.enqueue(Array.from({ length: 6 }, (_, index) => sampleDecision(start + index)));
    }
    const [one = [], two = []] = await Promise.all(draining);
    expect([...one, ...two].toSorted()).toStrictEqual(ALL);
    expect(await producer.stream("observer").backlog()).toStrictEqual({ unread: 0, pending: 0 });
  });

  it("does everything an entry goes through on several shards", async () => {
    const redis = await server.open({ streamShards: 3 });
    await enqueueEach(redis.queue, 9);
    const gone = redis.stream("gone");
    const taken: StreamEntry[] = [];
    while (taken.length < 9) taken.push(...(await gone.read(9, 0)));
    expect(await gone.backlog()).toStrictEqual({ unread: 0, pending: 9 });

    const member = redis.stream("member");
    const reclaimed = [...(await member.reclaim(4, 0)), ...(await member.reclaim(9, 0))];
    expect(reclaimed.map(subjectOf).toSorted()).toStrictEqual(taken.map(subjectOf).toSorted());
    for (const entry of reclaimed.slice(0, 3)) await member.setAside(entry, "refused");
    await member.acknowledge(idsOf(reclaimed.slice(3)));
    expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });

    expect(await redis.deadLetters.size()).toBe(3);
    expect(await redis.deadLetters.list(2)).toHaveLength(2);
    for (const { id } of await redis.deadLetters.list(10)) expect(await redis.deadLetters.retry(id)).toBe("retried");
    expect(await drain(member)).toHaveLength(3);
  });

  it("keeps the keys of a shard in one slot of a cluster, and shards in slots of their own", async () => {
    const { names } = server;
    const slots = await Promise.all(
      [0, 1, 2].map(async (shard) => {
        const { stream, deadLetters, progress } = names.shard(shard);
        const all = await Promise.all([slotOf(stream), slotOf(deadLetters), slotOf(progress)]);
        expect(new Set(all).size).toBe(1);
        return all[0];
      }),
    );
    expect(new Set(slots).size).toBe(3);
    // Whatever a subject is called, its key is hashed as a whole.
    expect(await slotOf(names.history("env", "{a}1"))).not.toBe(await slotOf(names.history("env", "{a}2")));
  });

  it("gives the entries of a process that was killed to another one", async () => {
    const [killed, survivor] = await Promise.all([server.open(), server.open()]);
    await enqueueEach(killed.queue, 10);
    const taken = await killed.stream("killed").read(4, 0);
    // The process is gone without a word: it neither acknowledges nor leaves.
    expect(taken).toHaveLength(4);

    const other = survivor.stream("survivor");
    await sleep(30);
    const reclaimed = await other.reclaim(10, 20);
    expect(reclaimed.map(subjectOf)).toStrictEqual(taken.map(subjectOf));
    expect(reclaimed.map(({ deliveries }) => deliveries)).toStrictEqual([2, 2, 2, 2]);
    expect(await other.read(10, 0)).toHaveLength(6);
  });

  it("hands out again what was lost on its way to a member of the same name", async () => {
    const redis = await server.open();
    await enqueueEach(redis.queue, 2);
    const member = redis.stream("member");
    await member.read(1, 0);
    // A reply that never came: the server counts the entry as taken by this member, which does not know.
    await server.raw.xreadgroup("GROUP", CONSUMER_GROUP, "member", "COUNT", 1, "STREAMS", server.keys.stream, ">");
    expect((await member.reclaim(10, 0)).map(subjectOf)).toStrictEqual(["subject-1"]);
  });

  it("takes many calls at the same time and keeps the decisions of each together", async () => {
    const redis = await server.open();
    const calls = Array.from({ length: 400 }, (_, call) => [0, 1, 2].map((index) => sampleDecision(call * 3 + index)));
    await Promise.all(calls.map((decisions) => redis.queue.enqueue(decisions)));
    const read = (await redis.stream("member").read(2_000, 0)).map(subjectOf);
    expect(read).toStrictEqual(calls.flat().map(({ subjectId }) => subjectId));
  });

  it("refuses decisions at its greatest length, all or none, and takes them again when some are done", async () => {
    const redis = await server.open({ streamMaxLength: 5 });
    const member = redis.stream("member");
    await enqueueEach(redis.queue, 3);
    await expect(redis.queue.enqueue(sampleDecisions(3))).rejects.toMatchObject({
      code: "decision_stream_unavailable",
      details: { maxLength: 5 },
    });
    expect(await member.backlog()).toStrictEqual({ unread: 3, pending: 0 });
    await redis.queue.enqueue(sampleDecisions(2));
    const entries = await member.read(2, 0);
    await expect(redis.queue.enqueue(sampleDecisions(1))).rejects.toMatchObject({
      code: "decision_stream_unavailable",
    });
    await member.acknowledge(idsOf(entries));
    await redis.queue.enqueue(sampleDecisions(2));
  });

  it("keeps no entry that is done, and every entry that is not", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    await enqueueEach(redis.queue, 10);
    const entries = await member.read(6, 0);
    await member.acknowledge(idsOf(entries.slice(3)));
    // The first three are pending, so nothing may go yet.
    expect(await server.raw.xlen(server.keys.stream)).toBe(10);
    await member.acknowledge(idsOf(entries.slice(0, 2)));
    expect(await server.raw.xlen(server.keys.stream)).toBe(8);
    await member.acknowledge(idsOf(entries.slice(2, 3)));
    expect(await server.raw.xlen(server.keys.stream)).toBe(4);
    await member.acknowledge(idsOf(await member.read(10, 0)));
    expect(await server.raw.xlen(server.keys.stream)).toBe(0);
  });

  it("keeps entries that another group has not read", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    await enqueueEach(redis.queue, 4);
    await server.raw.xgroup("CREATE", server.keys.stream, "others", "0");
    const entries = await member.read(10, 0);
    await member.acknowledge(idsOf(entries));
    expect(await server.raw.xlen(server.keys.stream)).toBe(4);
    await server.raw.xreadgroup("GROUP", "others", "other", "COUNT", 2, "NOACK", "STREAMS", server.keys.stream, ">");
    await redis.queue.enqueue(sampleDecisions(1));
    await member.acknowledge(idsOf(await member.read(10, 0)));
    expect(await server.raw.xlen(server.keys.stream)).toBe(3);
  });

  it("joins again when the server has lost the group, also in the middle of a read", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    await enqueueEach(redis.queue, 2);
    const [entry] = await member.read(1, 0);
    await server.raw.del(server.keys.stream, server.keys.deadLetters);
    expect(await member.read(10, 0)).toStrictEqual([]);
    expect(server.logger.events).toContain("decision_stream_group_lost");

    const reading = member.read(10, 3_000);
    await sleep(50);
    await server.raw.del(server.keys.stream);
    await redis.queue.enqueue(sampleDecisions(3));
    const entries = await reading;
    expect((entries.length > 0 ? entries : await member.read(10, 1_000)).map(subjectOf)).toHaveLength(3);

    await server.raw.xgroup("DESTROY", server.keys.stream, CONSUMER_GROUP);
    await member.acknowledge(idsOf(entries));
    if (entry !== undefined) await member.setAside(entry, "gone meanwhile");
    expect(await redis.deadLetters.size()).toBe(0);
    expect(await member.reclaim(10, 0)).toStrictEqual([]);
  });

  it("says so when someone has removed entries that were not done", async () => {
    const redis = await server.open();
    await enqueueEach(redis.queue, 3);
    await redis.stream("gone").read(10, 0);
    await server.raw.xtrim(server.keys.stream, "MAXLEN", 1);
    expect((await redis.stream("member").reclaim(10, 0)).map(subjectOf)).toStrictEqual(["subject-2"]);
    expect(server.logger.lines).toContainEqual({
      level: "error",
      event: "decision_stream_entries_lost",
      fields: { count: 2 },
    });
  });

  it("sets foreign entries aside as they were, and puts them back as they were", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    const foreign = [
      ["v", "99", "d", "[]"],
      ["other", "field"],
      ["d", "[]"],
    ];
    for (const fields of foreign) await server.raw.xadd(server.keys.stream, "*", ...fields);
    const entries = await member.read(10, 0);
    expect(entries.map(subjectOf)).toStrictEqual([
      'the entry has the unknown version "99"',
      "the entry has no version or no payload",
      "the entry has no version or no payload",
    ]);
    for (const entry of entries) await member.setAside(entry, "malformed");
    const letters = await redis.deadLetters.list(10);
    expect(letters.map(({ payload }) => payload)).toStrictEqual(["[]", '["other","field"]', "[]"]);
    for (const { id } of letters) await redis.deadLetters.retry(id);
    expect((await server.raw.xrange(server.keys.stream, "-", "+")).map(([, fields]) => fields)).toStrictEqual(foreign);
  });

  it("passes what it holds on at once when it leaves", async () => {
    const [leaving, staying] = await Promise.all([server.open(), server.open()]);
    await leaving.queue.enqueue(sampleDecisions(4));
    await leaving.stream("leaving").read(1, 0);
    const other = staying.stream("staying");
    expect(await other.reclaim(10, 60_000)).toStrictEqual([]);
    await leaving.close();
    expect(await other.reclaim(10, 60_000)).toHaveLength(4);
  });

  it("leaves the group in good order, but not with entries in hand", async () => {
    const [idle, busy] = await Promise.all([server.open(), server.open()]);
    await idle.queue.enqueue(sampleDecisions(1));
    await busy.stream("busy").read(1, 0);
    await idle.stream("idle").read(1, 0);
    await Promise.all([idle.close(), busy.close()]);
    const consumers = (await server.raw.xinfo("CONSUMERS", server.keys.stream, CONSUMER_GROUP)) as unknown[][];
    expect(consumers.map((consumer) => consumer[1])).toStrictEqual(["busy"]);
  });
});

/** The slot of a cluster in which a key would lie. */
async function slotOf(key: string): Promise<number> {
  const tag = /\{([^}]+)\}/.exec(key.replace(/^([^{]*)\{\}.*$/, ""))?.[1] ?? key;
  return crc16(Buffer.from(tag)) % 16_384;
}

function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

import { describe, expect, it } from "vitest";
import { enqueueEach, idsOf, sampleDecisions, subjectOf } from "@lotty/testkit/suites/decision-stream-fixture";
import { encodeDecision } from "../codecs/decision-codec.ts";
import { useRedis, type RedisInUse } from "../testing/use-redis.ts";
import { FULL_ENTRY_DECISIONS } from "./stream-entry-codec.ts";

let server: RedisInUse;
useRedis((redis) => (server = redis));

function subjectsOf(count: number): readonly string[] {
  return sampleDecisions(count).map(({ subjectId }) => subjectId);
}

describe("entries of the decision stream on Redis", () => {
  it("puts what comes in together into few entries, and what comes alone into one of its own", async () => {
    const redis = await server.open();
    await Promise.all(sampleDecisions(300).map((decision) => redis.queue.enqueue([decision])));
    // The first one goes at once, the second as well; the others gather behind them.
    expect(await server.raw.xlen(server.keys.stream)).toBeLessThanOrEqual(2 + Math.ceil(298 / FULL_ENTRY_DECISIONS));
    await server.raw.del(server.keys.stream);
    await enqueueEach(redis.queue, 3);
    expect(await server.raw.xlen(server.keys.stream)).toBe(3);
    expect(await redis.stream("member").backlog()).toStrictEqual({ unread: 3, pending: 0 });
  });

  it("counts every decision of an entry towards its greatest length until the entry has gone", async () => {
    const redis = await server.open({ streamMaxLength: 10 });
    const member = redis.stream("member");
    await redis.queue.enqueue(sampleDecisions(4));
    await redis.queue.enqueue(sampleDecisions(6));
    await expect(redis.queue.enqueue(sampleDecisions(1))).rejects.toMatchObject({
      code: "decision_stream_unavailable",
    });
    const entries = await member.read(10, 0);
    // The second entry is done, but lies behind the first, of which something is left to do.
    await member.acknowledge(idsOf(entries.slice(1)));
    expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 1 });
    await expect(redis.queue.enqueue(sampleDecisions(1))).rejects.toMatchObject({
      code: "decision_stream_unavailable",
    });
    await member.acknowledge(idsOf(entries.slice(0, 1)));
    await redis.queue.enqueue(sampleDecisions(10));
    expect(await member.backlog()).toStrictEqual({ unread: 10, pending: 0 });
  });

  it("sets one bad line of an entry aside as it was, and not its neighbours", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    const [first, second] = sampleDecisions(2).map(encodeDecision);
    const lines = [first, 'no "decision"', second, ""];
    await server.raw.xadd(server.keys.stream, "*", "v", "2", "d", lines.join("\n"));
    const entries = await member.read(10, 0);
    const bad = entries.filter(({ item }) => "malformed" in item);
    expect(entries.filter((entry) => !bad.includes(entry)).map(subjectOf)).toStrictEqual(["subject-0", "subject-1"]);
    for (const entry of bad) await member.setAside(entry, "malformed");
    expect(await redis.stream("other").reclaim(10, 0)).toHaveLength(2);
    const letters = await redis.deadLetters.list(10);
    expect(letters.map(({ payload }) => payload)).toStrictEqual([lines[1], lines[3]]);
    for (const { id } of letters) expect(await redis.deadLetters.retry(id)).toBe("retried");
    expect((await member.read(10, 0)).map(subjectOf)).toStrictEqual(Array(2).fill("the payload is not a JSON array"));
  });

  it("reads entries of the version before, which has one decision in each, between others", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    await redis.queue.enqueue(sampleDecisions(3));
    for (const decision of sampleDecisions(2))
      await server.raw.xadd(server.keys.stream, "*", "v", "1", "d", encodeDecision(decision));
    await redis.queue.enqueue(sampleDecisions(4));
    expect(await member.backlog()).toStrictEqual({ unread: 9, pending: 0 });
    const entries = [...(await member.read(3, 0)), ...(await member.read(2, 0))];
    expect(entries.map(subjectOf)).toStrictEqual([...subjectsOf(3), ...subjectsOf(2)]);
    expect(await member.backlog()).toStrictEqual({ unread: 4, pending: 5 });
    await member.acknowledge(idsOf([...entries, ...(await member.read(10, 0))]));
    expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
    expect(await server.raw.xlen(server.keys.stream)).toBe(0);
  });

  it("puts an entry back whole that a worker of the version before has set aside", async () => {
    const redis = await server.open();
    const payload = sampleDecisions(3).map(encodeDecision).join("\n");
    const own = ["reason", "malformed: unknown version", "entry", "1-1", "deliveries", "1"];
    await server.raw.xadd(server.keys.deadLetters, "*", ...own, "v", "2", "d", payload, "b", "1000");
    const [letter] = await redis.deadLetters.list(10);
    expect(letter).toMatchObject({ item: { malformed: "the entry holds 3 decisions" }, payload });
    expect(await redis.deadLetters.retry(letter?.id ?? "")).toBe("retried");
    const member = redis.stream("member");
    expect(await member.backlog()).toStrictEqual({ unread: 3, pending: 0 });
    expect((await member.read(10, 0)).map(subjectOf)).toStrictEqual(subjectsOf(3));
  });

  it("counts right again as soon as the stream is empty, whatever others have removed", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    await redis.queue.enqueue(sampleDecisions(5));
    await member.acknowledge(idsOf((await member.read(10, 0)).slice(0, 2)));
    await server.raw.del(server.keys.stream);
    await redis.queue.enqueue(sampleDecisions(3));
    expect(await member.backlog()).toStrictEqual({ unread: 3, pending: 0 });
    expect(await server.raw.hgetall(server.keys.progress)).toStrictEqual({ appended: "2", open: "2" });
  });

  it("keeps nothing of entries that are done but how much was appended", async () => {
    const redis = await server.open();
    const member = redis.stream("member");
    await redis.queue.enqueue(sampleDecisions(7));
    const entries = await member.read(10, 0);
    for (const { id } of entries) await member.acknowledge([id]);
    for (const { id } of entries) await member.acknowledge([id]);
    expect(await server.raw.hgetall(server.keys.progress)).toStrictEqual({ appended: "6", open: "0" });
  });
});

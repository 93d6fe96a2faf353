import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { loadConfig } from "@lotty/config";
import { DEFAULT_ENVIRONMENT_ID, type DecisionStream, type EventRecord } from "@lotty/domain";
import { openCaches, type Caches } from "@lotty/runtime";
import { localClock, quietLogger } from "./sources/local-ports.ts";
import { runCommand, type CommandResult, type CommandWorld } from "./testing/captured-terminal.ts";

const SHARDS = 3;

let server: TestRedis;
let raw: Redis;
let env: Record<string, string>;
let redis: NonNullable<Caches["redis"]>;
let worker: DecisionStream;
beforeAll(async () => {
  server = await createTestRedis();
  raw = new Redis(server.url);
  env = {
    REDIS_URL: server.url,
    REDIS_KEY_PREFIX: server.keyPrefix.slice(0, -1),
    DECISION_STREAM_SHARDS: String(SHARDS),
  };
});
afterAll(() => raw.disconnect());
beforeEach(async () => {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error("the test's settings are wrong");
  const opened = await openCaches(loaded.config, { clock: localClock, logger: quietLogger });
  if (opened.redis === null) throw new Error("the test has a Redis");
  redis = opened.redis;
  worker = redis.stream("worker");
});
afterEach(async () => {
  await redis.close();
  await server.clean();
});

function dlq(args: readonly string[], world: CommandWorld = {}): Promise<CommandResult> {
  return runCommand(["dlq", ...args], { env, ...world });
}

/** Lets the worker set aside so many decisions, spread over the shards. */
async function setAside(count: number, reason = "decision_rejected: flag_key too long"): Promise<void> {
  for (let index = 0; index < count; index += 1) await redis.queue.enqueue([sampleDecision(index)]);
  for (const entry of await take(count)) await worker.setAside(entry, reason);
}

async function take(count: number): ReturnType<DecisionStream["read"]> {
  const entries = [];
  while (entries.length < count) entries.push(...(await worker.read(100, 1_000)));
  return entries;
}

async function idsThere(): Promise<readonly string[]> {
  return (await redis.deadLetters.list(1_000)).map(({ id }) => id);
}

describe("lotty dlq list", () => {
  it("shows what was set aside, oldest first, with what can be read of it", async () => {
    await setAside(4);
    const { code, out, talk } = await dlq(["list"]);
    expect(code).toBe(0);
    const [heading = "", ...rows] = out.trimEnd().split("\n");
    expect(heading).toMatch(/^ID +SET ASIDE +TRIES +DECISION +FLAG +SUBJECT +REASON$/);
    expect(rows.map((row) => row.split(/ {2,}/)[0])).toStrictEqual(await idsThere());
    expect(rows.join("\n")).toMatch(
      /\d:\d+-\d +\d{4}-\d\d-\d\dT[\d:.]+Z +1 +01900000-[-0-9a-f]+ +flag +subject-\d +decision_rejected: flag_key too long/,
    );
    expect(talk).toBe("4 of 4.\n");
  });

  it("goes page by page", async () => {
    await setAside(5);
    const ids = await idsThere();
    const first = await dlq(["list", "--limit", "3", "--json"]);
    const page = JSON.parse(first.out) as {
      readonly total: number;
      readonly next: string;
      readonly letters: unknown[];
    };
    expect(page).toMatchObject({ total: 5, next: ids[2] });
    expect(page.letters).toHaveLength(3);
    const second = await dlq(["list", "--limit", "3", "--after", page.next, "--json"]);
    expect(JSON.parse(second.out)).toMatchObject({ total: 5, next: null, letters: ids.slice(3).map((id) => ({ id })) });
    expect((await dlq(["list", "--limit", "3"])).talk).toBe(`3 of 5. Go on with --after ${ids[2]}\n`);
  });

  it("prints everything as JSON, in the names of the API", async () => {
    await setAside(1);
    const [id = ""] = await idsThere();
    const { out } = await dlq(["list", "--json"]);
    const decision = sampleDecision(0);
    expect(JSON.parse(out)).toStrictEqual({
      total: 1,
      next: null,
      letters: [
        {
          id,
          shard: Number(id.split(":")[0]),
          set_aside_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          tries: 1,
          reason: "decision_rejected: flag_key too long",
          decision_id: decision.decisionId,
          flag: "flag",
          subject_id: "subject-0",
          experiment_id: null,
          malformed: null,
          payload: expect.stringContaining(decision.decisionId) as string,
        },
      ],
    });
  });

  it("shows entries that nobody can read, whatever they hold", async () => {
    const stream = `${server.keyPrefix}{decisions:0}:stream`;
    const payloads = ["\u001b[2Jnot a decision\n\u202e", "[1,2,3]", ""];
    for (const payload of payloads) await raw.xadd(stream, "*", "v", "1", "d", payload);
    await raw.xadd(stream, "*", "something", "else");
    for (const entry of await take(4)) await worker.setAside(entry, `malformed:\n\u001b[31m${"x".repeat(500)}`);
    await raw.xadd(`${server.keyPrefix}{decisions:0}:dead-letters`, "*", "by", "hand");
    const { code, out } = await dlq(["list"]);
    expect(code).toBe(0);
    expect(out).not.toContain("\u001b");
    expect(out.trimEnd().split("\n")).toHaveLength(6);
    expect(out).toContain("malformed: \\u{1b}[31mxxx");
    expect(out).toContain("unknown: no worker has set this aside");
    const { letters } = JSON.parse((await dlq(["list", "--json"])).out) as { readonly letters: { payload: string }[] };
    expect(letters.map(({ payload }) => payload)).toStrictEqual([...payloads, '["something","else"]', '["by","hand"]']);
  });

  it("says that there is nothing, and ends well", async () => {
    expect(await dlq(["list"])).toStrictEqual({ code: 0, out: "", talk: "There are no dead letters.\n" });
    expect(JSON.parse((await dlq(["list", "--json"])).out)).toStrictEqual({ total: 0, letters: [], next: null });
  });

  it("refuses a page that begins nowhere", async () => {
    const { code, talk } = await dlq(["list", "--after", "somewhere"]);
    expect(code).toBe(3);
    expect(talk).toContain('"somewhere" is not the id of a dead letter');
    expect((await dlq(["list", "--limit", "0"])).code).toBe(2);
  });
});

describe("lotty dlq retry", () => {
  it("puts letters back for a worker to take", async () => {
    await setAside(4);
    const [first = "", second = "", ...others] = await idsThere();
    expect(await dlq(["retry", first, second])).toMatchObject({
      code: 0,
      out: `retried  ${first}\nretried  ${second}\n`,
    });
    expect(await take(2)).toHaveLength(2);
    expect(await idsThere()).toStrictEqual(others);
  });

  it("puts all of them back, from every shard", async () => {
    await setAside(450);
    const before = await idsThere();
    expect(new Set(before.map((id) => id.split(":")[0])).size).toBe(SHARDS);
    const { code, out } = await dlq(["retry", "--all", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toStrictEqual({ retried: before, not_found: [], empty: [] });
    const subjects = (await take(450)).map(({ item }) => ("malformed" in item ? "" : item.subjectId));
    expect(new Set(subjects).size).toBe(450);
    expect(await redis.deadLetters.size()).toBe(0);
  });

  it("ends also when a worker sets everything aside again at once", async () => {
    await setAside(300);
    const busy = new AbortController();
    const working = (async () => {
      while (!busy.signal.aborted)
        for (const entry of await worker.read(100, 20)) await worker.setAside(entry, "again");
    })();
    expect((await dlq(["retry", "--all"])).code).toBe(0);
    await expect.poll(() => redis.deadLetters.size()).toBe(300);
    busy.abort();
    await working;
  });

  it("does the others when one is not there, and says so", async () => {
    await setAside(1);
    const [id = ""] = await idsThere();
    const { code, out, talk } = await dlq(["retry", "0:1-1", id, id]);
    expect({ code, out }).toStrictEqual({ code: 1, out: `retried  ${id}\n` });
    expect(talk).toContain("0:1-1: there is no such dead letter");
  });

  it.each([["0:1-1"], ["nonsense"], ["99:1-1"], ["0:1-1 "]])("refuses %j, which is not there", async (id) => {
    const { code, talk } = await dlq(["retry", id]);
    expect(code).toBe(3);
    expect(talk).toContain("[not_found]");
    expect(talk).toContain("lotty dlq list");
  });

  it("tells of letters of which nothing is left", async () => {
    await redis.queue.enqueue([sampleDecision(0)]);
    const [entry] = await take(1);
    const stream = `${server.keyPrefix}{decisions:0}:stream`;
    await raw.xdel(stream, entry?.id.split(":")[1] ?? "");
    if (entry !== undefined) await worker.setAside(entry, "gone");
    const { code, talk } = await dlq(["retry", "--all"]);
    expect(code).toBe(1);
    expect(talk).toContain("nothing is left of its entry");
    expect(await redis.deadLetters.size()).toBe(1);
  });

  it("says that there is nothing, and ends well", async () => {
    expect(await dlq(["retry", "--all"])).toStrictEqual({ code: 0, out: "", talk: "There are no dead letters.\n" });
  });
});

describe("lotty dlq drop", () => {
  it("forgets letters for good, told not to ask", async () => {
    await setAside(3);
    const [first = "", ...others] = await idsThere();
    expect(await dlq(["drop", first, "--yes"])).toMatchObject({ code: 0, out: `dropped  ${first}\n` });
    expect(await idsThere()).toStrictEqual(others);
    expect((await dlq(["drop", "--all", "--yes"])).code).toBe(0);
    expect(await redis.deadLetters.size()).toBe(0);
    expect(await worker.read(10, 100)).toStrictEqual([]);
  });

  it("does nothing where nobody can be asked", async () => {
    await setAside(1);
    const { code, talk } = await dlq(["drop", "--all"]);
    expect(code).toBe(2);
    expect(talk).toContain("add --yes");
    expect(await redis.deadLetters.size()).toBe(1);
  });

  it("refuses what is not there", async () => {
    expect(await dlq(["drop", "0:1-1", "--yes"])).toMatchObject({ code: 3 });
  });
});

describe("lotty dlq", () => {
  it.each([["list"], ["retry", "--all"], ["drop", "--all", "--yes"]])("needs REDIS_URL to %s", async (...args) => {
    const { code, talk } = await dlq(args, { env: {} });
    expect(code).toBe(3);
    expect(talk).toContain("REDIS_URL is not set");
  });

  it("tells when Redis is away", async () => {
    const { code, talk } = await dlq(["list"], { env: { ...env, REDIS_URL: "redis://127.0.0.1:1" } });
    expect(code).toBe(4);
    expect(talk).toContain("[decision_stream_unavailable]");
    expect(talk).toContain("Look at REDIS_URL");
  });

  it.each([["retry"], ["drop", "--yes"], ["retry", "0:1-1", "--all"], ["drop", "0:1-1", "--all", "--yes"]])(
    "does not guess what %s %s means",
    async (...args) => {
      expect((await dlq(args.filter((arg) => arg !== undefined))).code).toBe(2);
    },
  );
});

describe("lotty dlq --of events", () => {
  const event: EventRecord = {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    eventId: "order-1",
    eventType: "exposure",
    subjectId: "ada",
    decisionId: "01900000-0000-7000-8000-000000000001",
    occurredAt: 1_000_000,
    receivedAt: 2_000_000,
    properties: {},
    value: null,
  };

  /** Lets a worker set events aside. */
  async function setEventsAside(...eventIds: readonly string[]): Promise<void> {
    await redis.eventQueue.enqueue(eventIds.map((eventId) => ({ ...event, eventId })));
    const member = redis.eventStream("worker");
    let left = eventIds.length;
    while (left > 0) {
      for (const entry of await member.read(100, 1_000)) {
        await member.setAside(entry, "rejected: wrong_subject");
        left -= 1;
      }
    }
  }

  it("shows the events that were set aside, and leaves decisions alone", async () => {
    await setAside(1);
    await setEventsAside("order-1");
    const { code, out, talk } = await dlq(["list", "--of", "events"]);
    expect(code).toBe(0);
    expect(talk).toBe("1 of 1.\n");
    expect(out).toMatch(/^ID +SET ASIDE +TRIES +EVENT +TYPE +SUBJECT +REASON\n/);
    expect(out).toMatch(/order-1 +exposure +ada +rejected: wrong_subject\n$/);
    const shown = JSON.parse((await dlq(["list", "--of", "events", "--json"])).out) as object;
    expect(shown).toMatchObject({
      total: 1,
      letters: [
        {
          event_id: "order-1",
          event_type: "exposure",
          subject_id: "ada",
          decision_id: event.decisionId,
          reason: "rejected: wrong_subject",
          malformed: null,
        },
      ],
    });
    expect(await idsThere()).toHaveLength(1);
  });

  it("puts them back into their stream, where a worker takes them again", async () => {
    await setAside(1);
    await setEventsAside("order-1", "order-2");
    expect((await dlq(["retry", "--all", "--of", "events"])).code).toBe(0);
    expect(await redis.eventDeadLetters.size()).toBe(0);
    expect(await redis.deadLetters.size()).toBe(1);
    const again = await redis.eventStream("another").read(100, 1_000);
    expect(again.length).toBeGreaterThan(0);
  });

  it("forgets them for good, and asks before", async () => {
    await setEventsAside("order-1", "order-2");
    const [first] = await redis.eventDeadLetters.list(1);
    expect((await dlq(["drop", "--of", "events", first?.id ?? "", "--yes"])).code).toBe(0);
    expect((await dlq(["drop", "--of", "events", "--all"])).talk).toContain("forgets events for good");
    expect(await redis.eventDeadLetters.size()).toBe(1);
    expect((await dlq(["drop", "--of", "events", "--all", "--yes"])).code).toBe(0);
    expect(await redis.eventDeadLetters.size()).toBe(0);
  });

  it("refuses to look after anything else", async () => {
    expect((await dlq(["list", "--of", "letters"])).code).toBe(2);
  });
});

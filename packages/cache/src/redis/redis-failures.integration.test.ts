import { randomUUID } from "node:crypto";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isLottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { openRedis, type RedisConnections } from "./open-redis.ts";

let server: TestRedis;
let raw: Redis;
/** A user of this file's own, so that connections of other tests are never killed. */
const user = `lotty-test-${randomUUID()}`;
let userUrl: string;
beforeAll(async () => {
  server = await createTestRedis();
  raw = new Redis(server.url);
  await raw.acl("SETUSER", user, "on", ">secret", "~*", "&*", "+@all");
  userUrl = `redis://${user}:secret@${new URL(server.url).host}`;
});
afterAll(async () => {
  await raw.acl("DELUSER", user);
  await server.clean();
  raw.disconnect();
});

let logger: RecordingLogger;
const opened: RedisConnections[] = [];
const listening: Server[] = [];
beforeEach(() => {
  logger = new RecordingLogger();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((redis) => redis.close()));
  for (const each of listening.splice(0)) each.close();
});

async function open(url: string): Promise<RedisConnections> {
  const redis = await openRedis({ url, keyPrefix: server.keyPrefix, logger });
  opened.push(redis);
  return redis;
}

/** A server that does with its connections what the test says. */
async function serve(onConnection: (socket: Socket, index: number) => void): Promise<string> {
  let count = 0;
  const fake = createServer((socket) => {
    socket.on("error", () => undefined);
    onConnection(socket, count);
    count += 1;
  });
  listening.push(fake);
  await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
  return `redis://127.0.0.1:${(fake.address() as AddressInfo).port}`;
}

/** Every operation of the ports, with the code it must fail with. */
function operations(redis: RedisConnections): readonly (readonly [string, string, () => Promise<unknown>])[] {
  const entry = { reason: "no_variants", experimentId: "e", variantId: null } as const;
  const stream = redis.stream(`member-${randomUUID()}`);
  const cache = "cache_unavailable";
  const queue = "decision_stream_unavailable";
  return [
    ["decisionCache.get", cache, () => redis.decisionCache.get("key")],
    ["decisionCache.set", cache, () => redis.decisionCache.set("key", entry, 60)],
    ["historyCache.get", cache, () => redis.historyCache.get("env", "subject")],
    ["historyCache.put", cache, () => redis.historyCache.put("env", "subject", { history: [], ttlSeconds: 60 })],
    ["historyCache.remove", cache, () => redis.historyCache.remove("env", "subject")],
    ["notices.publish", cache, () => redis.notices.publish({ environmentId: "env", revision: 1 })],
    ["notices.subscribe", cache, () => redis.notices.subscribe(() => undefined)],
    ["ping", cache, () => redis.ping()],
    ["queue.enqueue", queue, () => redis.queue.enqueue([sampleDecision(0)])],
    ["stream.read", queue, () => stream.read(10, 1_000)],
    ["stream.reclaim", queue, () => stream.reclaim(10, 1_000)],
    ["stream.acknowledge", queue, () => stream.acknowledge(["0:1-1"])],
    ["stream.setAside", queue, () => stream.setAside({ id: "0:1-1", item: sampleDecision(0), deliveries: 1 }, "x")],
    ["stream.backlog", queue, () => stream.backlog()],
    ["deadLetters.list", queue, () => redis.deadLetters.list(10)],
    ["deadLetters.retry", queue, () => redis.deadLetters.retry("0:1-1")],
    ["durabilityFaults", queue, () => redis.durabilityFaults()],
  ];
}

async function expectFastFailures(url: string): Promise<void> {
  const start = performance.now();
  const redis = await open(url);
  expect(performance.now() - start).toBeLessThan(1_900);
  const all = operations(redis);
  const failures = await Promise.all(
    all.map(async ([name, , operation]) => {
      const begin = performance.now();
      const error = await operation().catch((failure: unknown) => failure);
      const fast = performance.now() - begin < 1_900;
      return [name, isLottyError(error) ? error.code : error, fast];
    }),
  );
  expect(failures).toStrictEqual(all.map(([name, code]) => [name, code, true]));
}

describe("Redis that fails", () => {
  it("fails every operation fast when nobody listens", async () => {
    await expectFastFailures("redis://127.0.0.1:1");
  });

  it("fails every operation fast when the server accepts connections and says nothing", async () => {
    await expectFastFailures(await serve(() => undefined));
  });

  it("fails every operation fast when the name of the server does not exist", async () => {
    await expectFastFailures("redis://lotty.invalid:6379");
  });

  it("tells nothing of credentials or arguments in errors and logs", async () => {
    const url = server.url.replace("redis://", "redis://nobody:open-sesame@");
    const redis = await open(url);
    const failure = await redis.decisionCache.get("a-secret-subject").catch((error: unknown) => error);
    const text = inspect([failure, logger.lines], { depth: null, showHidden: true });
    expect(logger.events).toContain("redis_unavailable");
    expect(text).not.toContain("open-sesame");
    expect(text).not.toContain("a-secret-subject");
  });

  it("works as soon as the server comes, with one line in the log for the outage", async () => {
    const { hostname, port } = new URL(server.url);
    let there = false;
    const url = await serve((socket) => {
      if (!there) socket.destroy();
      else relay(socket, hostname, Number(port));
    });
    const redis = await open(url);
    await expect(redis.ping()).rejects.toMatchObject({ code: "cache_unavailable" });
    await sleep(300);
    there = true;
    await expect.poll(() => redis.ping().then(() => "there"), { timeout: 3_000 }).toBe("there");
    await expect.poll(() => logger.events).toStrictEqual(["redis_unavailable", "redis_available"]);
  });

  it("turns to the new primary after READONLY", async () => {
    const url = await serve((socket, index) => answer(socket, index === 0 ? READONLY : "+OK\r\n"));
    const redis = await open(url);
    const set = (): Promise<void> =>
      redis.decisionCache.set("key", { reason: "no_variants", experimentId: "e", variantId: null }, 60);
    await expect(set()).rejects.toMatchObject({ code: "cache_unavailable", details: { redisCode: "READONLY" } });
    await expect.poll(() => set().then(() => "written"), { timeout: 3_000 }).toBe("written");
  });

  it("lets no producer wait longer than one command may take when the server falls silent", async () => {
    const redis = await open(await serve((socket) => answer(socket, "")));
    const begin = performance.now();
    const all = await Promise.allSettled(Array.from({ length: 2_000 }, () => redis.queue.enqueue([sampleDecision(0)])));
    expect(performance.now() - begin).toBeLessThan(1_500);
    expect(
      all.every((each) => each.status === "rejected" && isLottyError(each.reason, "decision_stream_unavailable")),
    ).toBe(true);
  });
});

const READONLY = "-READONLY You can't write against a read only replica.\r\n";

/** Greets a client as a server does, and gives one answer to whatever it asks then. */
function answer(socket: Socket, reply: string): void {
  socket.on("data", (data) => {
    for (const command of data
      .toString()
      .toLowerCase()
      .match(/\$\d+\r\n(?:info|client|set|evalsha)\r\n/g) ?? []) {
      if (command.includes("info")) socket.write("$9\r\nloading:0\r\n");
      else if (command.includes("client")) socket.write("+OK\r\n");
      else socket.write(reply);
    }
  });
}

describe("a connection that is killed", () => {
  it("does not stop a consumer, also in the middle of a blocking read", async () => {
    const redis = await open(userUrl);
    const stream = redis.stream("member");
    await stream.read(1, 0);
    const reading = stream.read(10, 4_000).catch((error: unknown) => error);
    await sleep(50);
    expect(await killConnections("lotty-reader")).toBeGreaterThan(0);
    expect(await reading).toMatchObject({ code: "decision_stream_unavailable" });
    await redis.queue.enqueue([sampleDecision(0)]);
    const entries = await expectSoon(() => stream.read(10, 100));
    expect(entries).toHaveLength(1);

    await killConnections("lotty-control");
    await expectSoon(() => stream.acknowledge(entries.map(({ id }) => id)));
    expect(await stream.backlog()).toStrictEqual({ unread: 0, pending: 0 });
  });

  it("does not stop a subscriber", async () => {
    const redis = await open(userUrl);
    const heard: number[] = [];
    await redis.notices.subscribe(({ revision }) => heard.push(revision));
    expect(await killConnections("lotty-subscriber")).toBeGreaterThan(0);
    let revision = 0;
    await expect
      .poll(() => redis.notices.publish({ environmentId: "env", revision: (revision += 1) }).then(() => heard.length), {
        timeout: 3_000,
      })
      .toBeGreaterThan(0);
  });

  it("does not stop a producer", async () => {
    const redis = await open(userUrl);
    await killConnections("lotty-commands");
    await expectSoon(() => redis.queue.enqueue([sampleDecision(0)]));
  });
});

/** Ends this file's connections of one kind. */
async function killConnections(name: string): Promise<number> {
  const lines = String(await raw.client("LIST")).split("\n");
  const own = lines.filter((line) => line.includes(` name=${name} `) && line.includes(` user=${user} `));
  const ids = own.map((line) => /\bid=(\d+)/.exec(line)?.[1] ?? "");
  for (const id of ids) await raw.client("KILL", "ID", id);
  return ids.length;
}

/** Repeats an operation until it succeeds, for two seconds at most. */
async function expectSoon<T>(operation: () => Promise<T>): Promise<T> {
  const end = performance.now() + 2_000;
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(20);
    }
  }
}

function relay(socket: Socket, host: string, port: number): void {
  const target = connect(port, host);
  target.on("error", () => socket.destroy());
  socket.pipe(target).pipe(socket);
}

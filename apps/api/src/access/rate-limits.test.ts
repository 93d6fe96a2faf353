import type { RateLimitConfig } from "@lotty/config";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openPeople, PASSWORD, type PeopleForTest } from "../testing/people-for-test.ts";
import { ScriptedDecider } from "../testing/scripted-decider.ts";
import { type ServedForTest, serveForTest } from "../testing/serve-for-test.ts";

/** So many times the setting are in a window. */
const WINDOW_SECONDS = 10;

const LIMITS: RateLimitConfig = {
  decide: { perKey: 2, perAddress: 1 },
  other: { perKey: 1, perAddress: 1 },
  shared: false,
};

let people: PeopleForTest;
const opened: ServedForTest[] = [];

beforeAll(async () => {
  const ports = { clock: new ManualClock(1_790_000_000_000_000), logger: new RecordingLogger() };
  people = await openPeople(ports, { AUTHENTICATION: "required" });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close(0)));
});
afterAll(() => people.identity.close());

/** Serves behind a proxy, so that requests come from where they say. */
async function serve(rateLimits: RateLimitConfig = LIMITS): Promise<ServedForTest> {
  const server = await serveForTest({
    decider: new ScriptedDecider(),
    logger: new RecordingLogger(),
    authenticator: people.authenticator,
    identity: () => people.identity,
    trustedProxies: ["127.0.0.1"],
    rateLimits,
  });
  opened.push(server);
  return server;
}

interface Asking {
  readonly path?: string;
  readonly key?: string;
  readonly cookie?: string;
  readonly from?: string;
}

async function ask({ url }: ServedForTest, asking: Asking): Promise<Response> {
  const { cookie, from, key, path = "/v1/session" } = asking;
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(cookie !== undefined && { cookie }),
    ...(from !== undefined && { "x-forwarded-for": from }),
  };
  const decides = path === "/v1/decide";
  const body = JSON.stringify({ flag: "known", subject_id: "ada", peek: true });
  const json = { "content-type": "application/json" };
  const response = await fetch(
    `${url}${path}`,
    decides ? { method: "POST", body, headers: { ...headers, ...json } } : { headers },
  );
  await response.arrayBuffer();
  return response;
}

async function statuses(server: ServedForTest, times: number, asking: Asking): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let time = 0; time < times; time += 1) {
    const { status } = await ask(server, asking);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

describe("requests with a server key", () => {
  it("are counted by key, wherever they come from, and answered with 429 and when to come back", async () => {
    const [key, other] = [await people.key(["read"]), await people.key(["read"])];
    const server = await serve();
    expect(await statuses(server, 6, { key, from: "192.0.2.1" })).toEqual({ 200: 6 });
    expect(await statuses(server, 6, { key, from: "192.0.2.2" })).toEqual({ 200: 4, 429: 2 });
    expect(await statuses(server, 2, { key: other, from: "192.0.2.1" })).toEqual({ 200: 2 });
    const refused = await ask(server, { key });
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(WINDOW_SECONDS);
    expect(refused.headers.get("ratelimit-policy")).toBe('"other-key";q=10;w=10');
    expect(refused.headers.get("ratelimit")).toBe(`"other-key";r=0;t=${seconds}`);
  });

  it("have a budget of their own for decisions", async () => {
    const key = await people.key(["read", "decide"]);
    const server = await serve();
    const path = "/v1/decide";
    const decided = await statuses(server, 22, { key, path });
    expect(decided[429]).toBe(2);
    expect(await statuses(server, 2, { key })).toEqual({ 200: 2 });
  });
});

describe("requests with a client key", () => {
  it("are counted by address as well: one visitor does not use it up for all", async () => {
    const key = await people.key(["decide"], { type: "client" });
    const server = await serve();
    const path = "/v1/decide";
    expect((await statuses(server, 14, { key, path, from: "192.0.2.1" }))[429]).toBe(4);
    expect((await statuses(server, 10, { key, path, from: "192.0.2.2" }))[429]).toBeUndefined();
    expect((await statuses(server, 4, { key, path, from: "192.0.2.3" }))[429]).toBe(4);
  });
});

describe("requests without a server key", () => {
  it("are counted by address: strangers, wrong keys, sessions that do not exist, and those that log in", async () => {
    const server = await serve();
    expect(await statuses(server, 4, { from: "192.0.2.1" })).toEqual({ 401: 4 });
    const wrong = await people.key(["read"]).then((key) => `${key.slice(0, -1)}_`);
    expect(await statuses(server, 3, { key: wrong, from: "192.0.2.1" })).toEqual({ 401: 3 });
    const cookie = `lotty_session=${"a".repeat(43)}`;
    expect(await statuses(server, 5, { cookie, from: "192.0.2.1" })).toEqual({ 401: 3, 429: 2 });
    expect(await statuses(server, 1, { path: "/openapi.json", from: "192.0.2.1" })).toEqual({ 429: 1 });
    const logIn = await fetch(`${server.url}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": "192.0.2.1" },
      body: JSON.stringify({ name: "admin", password: PASSWORD }),
    });
    expect(logIn.status).toBe(429);
    expect(await logIn.json()).toMatchObject({ code: "rate_limited" });
    expect(await statuses(server, 1, { from: "192.0.2.9" })).toEqual({ 401: 1 });
  });

  it("are counted together within an IPv6 network of 64 bits", async () => {
    const server = await serve();
    for (let host = 1; host <= 10; host += 1) await ask(server, { from: `2001:db8::${host}` });
    expect(await statuses(server, 1, { from: "2001:db8::ffff" })).toEqual({ 429: 1 });
    expect(await statuses(server, 1, { from: "2001:db8:0:1::1" })).toEqual({ 401: 1 });
  });

  it("are not counted when they come from the machine itself", async () => {
    const server = await serve();
    expect(await statuses(server, 30, {})).toEqual({ 401: 30 });
  });
});

describe("a limit of 0", () => {
  it("is none", async () => {
    const none = { perKey: 0, perAddress: 0 };
    const server = await serve({ decide: none, other: none, shared: false });
    const key = await people.key(["read"]);
    expect(await statuses(server, 30, { key })).toEqual({ 200: 30 });
    expect(await statuses(server, 30, { from: "192.0.2.1" })).toEqual({ 401: 30 });
  });
});

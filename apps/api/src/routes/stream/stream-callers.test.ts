import { MICROS_PER_MILLI, systemActor } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, beforeAll, expect, describe, it } from "vitest";
import { DEMO_FILE } from "../../testing/demo-file.ts";
import { openPeople, PASSWORD, type PeopleForTest } from "../../testing/people-for-test.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

/** Longest that a stream may last once its caller must not listen any more, in milliseconds. */
const LIMIT_MILLIS = 1_000;

const clock = new ManualClock(1_790_000_000_000_000);
let people: PeopleForTest;
let server: ServedConfiguration;

beforeAll(async () => {
  people = await openPeople({ clock, logger: new RecordingLogger() }, { AUTHENTICATION: "required" });
  server = await serveConfiguration(DEMO_FILE, {
    authenticator: people.authenticator,
    identity: () => people.identity,
  });
});

afterAll(async () => {
  await server.close(0);
  await people.identity.close();
});

function open(headers: Record<string, string>, path = "/v1/stream"): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers });
}

async function millisToEnd(stream: Response, change: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await change();
  await stream.text();
  return performance.now() - begin;
}

async function logIn(name = "admin"): Promise<Record<string, string>> {
  const response = await fetch(`${server.url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: PASSWORD }),
  });
  await response.arrayBuffer();
  return { cookie: (response.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "" };
}

async function revoke(name: string): Promise<void> {
  const key = (await people.identity.keys.list()).find((each) => each.name === name);
  await people.identity.keys.revoke(key?.id ?? "", systemActor("a test"));
}

async function makeKey(name: string, expiresAt: number | null = null): Promise<Record<string, string>> {
  const outcome = await people.identity.keys.make(
    { name, type: "client", scopes: ["decide"], environment: "production", expiresAt },
    systemActor("a test"),
  );
  if (!outcome.ok) throw new Error(outcome.refusal);
  await people.identity.ring.start();
  return { "x-api-key": outcome.text };
}

describe("a stream", () => {
  it.each(["/v1/stream", "/ofrep/v1/stream"])("%s ends within a second when its key is revoked", async (path) => {
    const revoked = await open(await makeKey(`revoked ${path}`), path);
    const other = await open(await makeKey(`other ${path}`), path);
    expect([revoked.status, other.status]).toEqual([200, 200]);
    expect(await millisToEnd(revoked, () => revoke(`revoked ${path}`))).toBeLessThan(LIMIT_MILLIS);
    expect(server.streams.size).toBe(1);
    await other.body?.cancel();
    await expect.poll(() => server.streams.size).toBe(0);
  });

  it("ends within a second when its key expires", async () => {
    const stream = await open(await makeKey("brief", clock.now() + MICROS_PER_MILLI));
    const elapse = (): Promise<void> => Promise.resolve(clock.advance(MICROS_PER_MILLI));
    expect(await millisToEnd(stream, elapse)).toBeLessThan(LIMIT_MILLIS);
  });

  it("ends within a second when its session ends, and those of other sessions go on", async () => {
    const [ending, going] = [await logIn(), await logIn()];
    const streams = await Promise.all([open(ending), open(ending), open(going)]);
    const [first, second, third] = streams;
    if (first === undefined || second === undefined) throw new Error("There are three.");
    const token = ending["cookie"]?.split("=")[1] ?? "";
    expect(await millisToEnd(first, () => people.identity.sessions.logOut(token))).toBeLessThan(LIMIT_MILLIS);
    await second.text();
    expect(server.streams.size).toBe(1);
    await third?.body?.cancel();
    await expect.poll(() => server.streams.size).toBe(0);
  });

  it("ends within a second when its person is disabled", async () => {
    const id = await people.add("bob", ["viewer"]);
    const headers = await logIn("bob");
    const stream = await open(headers);
    const disable = (): Promise<unknown> =>
      people.identity.people.change(id, { disabled: true }, systemActor("a test"));
    expect(await millisToEnd(stream, disable)).toBeLessThan(LIMIT_MILLIS);
    expect((await open(headers)).status).toBe(401);
  });

  it("does not keep its session going", async () => {
    const headers = await logIn();
    const stream = await open(headers);
    const idle = 480 * 60_000 * MICROS_PER_MILLI;
    clock.advance(idle - 1);
    await new Promise((resolve) => setTimeout(resolve, LIMIT_MILLIS));
    expect(server.streams.size).toBe(1);
    expect(await millisToEnd(stream, () => Promise.resolve(clock.advance(1)))).toBeLessThan(LIMIT_MILLIS);
  });
});

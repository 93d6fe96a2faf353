import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Program } from "../testing/program.ts";

const PASSWORD = "correct horse battery";

/** Keys that are made and revoked; each is timed. */
const ROUNDS = 20;

/** Longest that a change may take to reach another process, in milliseconds. */
const LIMIT_MILLIS = 1_000;

let database: TestDatabase;
let programs: readonly Program[];
let here = "";
let there = "";

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, AUTHENTICATION: "required", ADMIN_PASSWORD: PASSWORD };
  programs = [new Program(env), new Program(env)];
  const urls = await Promise.all(programs.map((program) => program.url()));
  [here = "", there = ""] = urls;
}, 120_000);

afterAll(async () => {
  for (const program of programs) program.signal("SIGTERM");
  await Promise.all(programs.map((program) => program.ended()));
  await database.drop();
});

/** How long it takes until a process answers a key with a status. */
async function millisUntil(url: string, key: string, status: number): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  const start = performance.now();
  while (performance.now() - start < 10 * LIMIT_MILLIS) {
    const response = await fetch(`${url}/v1/session`, { headers });
    await response.arrayBuffer();
    if (response.status === status) break;
  }
  return performance.now() - start;
}

/** Logs the admin in; gives the cookie alone, and all headers that a change needs. */
async function logInTo(
  url: string,
): Promise<{ readonly cookie: string; readonly headers: Readonly<Record<string, string>> }> {
  const body = JSON.stringify({ name: "admin", password: PASSWORD });
  const json = { "content-type": "application/json" };
  const login = await fetch(`${url}/v1/session`, { method: "POST", headers: json, body });
  expect(login.status).toBe(200);
  const { csrf_token } = (await login.json()) as { readonly csrf_token: string };
  const cookie = (login.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  return { cookie, headers: { ...json, cookie, "x-csrf-token": csrf_token } };
}

/** How long a stream still lasts. */
async function millisToEnd(stream: Response): Promise<number> {
  const start = performance.now();
  await stream.text();
  return performance.now() - start;
}

describe("two processes", { timeout: 120_000 }, () => {
  it("make one admin, and each takes what the other has made, and refuses what it has revoked, within a second", async () => {
    const { cookie, headers: own } = await logInTo(here);
    expect((await fetch(`${there}/v1/session`, { headers: { cookie } })).status).toBe(200);

    const [made, revoked]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = JSON.stringify({ name: `key ${round}`, type: "server", scopes: ["read"] });
      const answer = await fetch(`${here}/v1/keys`, { method: "POST", headers: own, body: asked });
      const { id, key } = (await answer.json()) as { readonly id: string; readonly key: string };
      made.push(await millisUntil(there, key, 200));
      expect((await fetch(`${here}/v1/keys/${id}`, { method: "DELETE", headers: own })).status).toBe(200);
      revoked.push(await millisUntil(there, key, 401));
    }
    expect(Math.max(...made)).toBeLessThan(LIMIT_MILLIS);
    expect(Math.max(...revoked)).toBeLessThan(LIMIT_MILLIS);

    expect((await fetch(`${there}/v1/sessions`, { method: "DELETE", headers: own })).status).toBe(204);
    expect((await fetch(`${here}/v1/session`, { headers: { cookie } })).status).toBe(401);
  });

  it("each end the streams whose key the other has revoked, and those of sessions that the other has ended, within a second", async () => {
    const { cookie, headers } = await logInTo(here);
    const asked = JSON.stringify({ name: "stream", type: "client", scopes: ["decide"] });
    const answer = await fetch(`${here}/v1/keys`, { method: "POST", headers, body: asked });
    const { id, key } = (await answer.json()) as { readonly id: string; readonly key: string };
    await millisUntil(there, key, 403);
    const byKey = await fetch(`${there}/v1/stream`, { headers: { "x-api-key": key } });
    const bySession = await fetch(`${there}/v1/stream`, { headers: { cookie } });
    expect([byKey.status, bySession.status]).toEqual([200, 200]);
    expect((await fetch(`${here}/v1/keys/${id}`, { method: "DELETE", headers })).status).toBe(200);
    expect(await millisToEnd(byKey)).toBeLessThan(LIMIT_MILLIS);
    expect((await fetch(`${here}/v1/sessions`, { method: "DELETE", headers })).status).toBe(204);
    expect(await millisToEnd(bySession)).toBeLessThan(LIMIT_MILLIS);
  });

  it("never log a password or a key", () => {
    for (const { output } of programs) {
      expect(output).not.toContain(PASSWORD);
      expect(output).not.toMatch(/lotty_server_/);
    }
  });
});

import { systemActor } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPeople, PASSWORD, type PeopleForTest } from "../../testing/people-for-test.ts";
import { ScriptedDecider } from "../../testing/scripted-decider.ts";
import { type ServedForTest, serveForTest } from "../../testing/serve-for-test.ts";

let clock: ManualClock;
let logger: RecordingLogger;
let people: PeopleForTest;
let server: ServedForTest;

beforeEach(async () => {
  clock = new ManualClock(1_790_000_000_000_000);
  logger = new RecordingLogger();
  people = await openPeople({ clock, logger }, { AUTHENTICATION: "required" });
  const { authenticator, identity } = people;
  server = await serveForTest({ decider: new ScriptedDecider(), logger, authenticator, identity: () => identity });
});

afterEach(() => server.close(0));

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: { readonly [name: string]: unknown };
}

async function send(
  method: string,
  path: string,
  given: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...(given.body !== undefined && { "content-type": "application/json" }), ...given.headers },
    ...(given.body !== undefined && { body: typeof given.body === "string" ? given.body : JSON.stringify(given.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text === "" ? {} : (JSON.parse(text) as Reply["json"]),
  };
}

interface LoggedIn {
  readonly cookie: string;
  readonly csrf: string;
  /** Headers of a change that the person's own page makes. */
  readonly own: Record<string, string>;
}

async function logIn(name = "admin", headers: Record<string, string> = {}, password = PASSWORD): Promise<LoggedIn> {
  const reply = await send("POST", "/v1/session", { body: { name, password }, headers });
  expect(reply.status).toBe(200);
  const cookie = (reply.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  const csrf = String(reply.json["csrf_token"]);
  return { cookie, csrf, own: { cookie, "x-csrf-token": csrf } };
}

function whoAmI(cookie: string): Promise<Reply> {
  return send("GET", "/v1/session", { headers: { cookie } });
}

describe("logging in", () => {
  it("begins a session in a cookie that pages cannot read and other sites cannot send", async () => {
    const reply = await send("POST", "/v1/session", { body: { name: " Admin ", password: PASSWORD } });
    expect(reply).toMatchObject({
      status: 200,
      json: { kind: "user", name: "admin", roles: ["admin"], csrf_token: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(reply.headers.get("set-cookie")).toMatch(/^lotty_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(JSON.stringify(reply.json)).not.toContain("assword");
  });

  it("answers a wrong password, an unknown name and a disabled person all the same", async () => {
    const id = await people.add("bob", ["viewer"]);
    await people.identity.people.change(id, { disabled: true }, systemActor("a test"));
    const tries = [
      { name: "admin", password: "wrong" },
      { name: "nobody", password: PASSWORD },
      { name: "bob", password: PASSWORD },
      { name: "__proto__", password: "constructor" },
    ];
    const replies = await Promise.all(tries.map((body) => send("POST", "/v1/session", { body })));
    for (const { headers, json, status } of replies) {
      expect([status, headers.get("set-cookie")]).toEqual([401, null]);
      expect({ ...json, request_id: "" }).toEqual({ ...replies[0]?.json, request_id: "" });
    }
  });

  it("takes no token from the caller, and ends the session that it came with", async () => {
    const planted = `lotty_session=${"A".repeat(43)}`;
    const first = await logIn("admin", { cookie: planted });
    expect(first.cookie).not.toBe(planted);
    expect((await whoAmI(planted)).status).toBe(401);
    const second = await logIn("admin", { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect((await whoAmI(first.cookie)).status).toBe(401);
    expect((await whoAmI(second.cookie)).status).toBe(200);
  });

  it("is slowed down per account after ten wrong passwords, the right one included, and says for how long", async () => {
    await people.add("bob", ["viewer"]);
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await send("POST", "/v1/session", { body: { name: "Admin", password: `wrong ${tries}` } })).status).toBe(
        401,
      );
    }
    const reply = await send("POST", "/v1/session", { body: { name: "admin", password: PASSWORD } });
    expect([reply.status, reply.json["code"]]).toEqual([429, "rate_limited"]);
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(800);
    await logIn("bob");
  });

  it("is slowed down per address after fifty wrong passwords, whoever they are for", async () => {
    const tries = Array.from({ length: 50 }, (_, index) => ({ name: `somebody${index}`, password: "wrong" }));
    for (const body of tries) expect((await send("POST", "/v1/session", { body })).status).toBe(401);
    expect((await send("POST", "/v1/session", { body: { name: "admin", password: PASSWORD } })).status).toBe(429);
  });

  it("is not done by a page of another site", async () => {
    const body = { name: "admin", password: PASSWORD };
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ];
    for (const headers of foreign) {
      const reply = await send("POST", "/v1/session", { body, headers });
      expect([reply.status, reply.json["code"]]).toEqual([403, "forbidden"]);
    }
    expect(
      (await send("POST", "/v1/session", { body: JSON.stringify(body), headers: { "content-type": "text/plain" } }))
        .status,
    ).toBe(415);
    await logIn("admin", { origin: server.url });
  });

  it.each([
    ["{}", "/name"],
    ['{"name":"admin","password":["x"]}', "/password"],
    ['{"name":{"$gt":""},"password":"x"}', "/name"],
    ['{"name":"admin","password":"x","roles":["admin"]}', "/roles"],
    ['{"name":"admin","password":"x","__proto__":{"roles":["admin"]}}', "/__proto__"],
  ])("takes a name and a password and nothing else: %s", async (body, path) => {
    const reply = await send("POST", "/v1/session", { body });
    expect(reply).toMatchObject({ status: 400, json: { code: "invalid_request" } });
    expect(JSON.stringify(reply.json["errors"])).toContain(path);
  });
});

describe("a body that is nested 5,000 deep", () => {
  it.each(["POST /v1/session", "PUT /v1/session/password", "POST /v1/users", "POST /v1/keys"])(
    "is refused, and not repeated: %s",
    async (route) => {
      const [method = "", path = ""] = route.split(" ");
      const { own } = await logIn();
      const bomb = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
      for (const body of [bomb, `{"name":${bomb},"password":${bomb},"roles":${bomb}}`, `{"x":${bomb}}`]) {
        const reply = await send(method, path, { body, headers: own });
        expect(reply).toMatchObject({ status: 400, json: { code: "invalid_request" } });
        expect(JSON.stringify(reply.json)).not.toContain("[[");
      }
    },
  );
});

describe("a session", () => {
  it("makes changes only with its token, sent by the person's own page", async () => {
    const { cookie, csrf, own } = await logIn();
    const other = await logIn();
    const change = (headers: Record<string, string>): Promise<Reply> =>
      send("POST", "/v1/users", { body: { name: "eve", password: PASSWORD, roles: ["viewer"] }, headers });
    for (const headers of [
      { cookie },
      { cookie, "x-csrf-token": "" },
      { cookie, "x-csrf-token": other.csrf },
      { cookie, "x-csrf-token": cookie.slice("lotty_session=".length) },
      { ...own, origin: "https://evil.example" },
      { ...own, origin: "null" },
      { ...own, "sec-fetch-site": "same-site" },
    ] as Record<string, string>[]) {
      const reply = await change(headers);
      expect([reply.status, reply.json["code"]]).toEqual([403, "forbidden"]);
    }
    expect((await people.identity.people.list()).map(({ name }) => name)).toEqual(["admin"]);
    expect((await change({ ...own, origin: server.url })).status).toBe(201);
    expect((await whoAmI(cookie)).json["csrf_token"]).toBe(csrf);
  });

  it("ends when nothing was heard of it for long enough, and does not while it is used", async () => {
    const { cookie } = await logIn();
    const hours = (count: number): number => count * 3_600_000_000;
    for (let used = 0; used < 3; used += 1) {
      clock.advance(hours(7));
      expect((await whoAmI(cookie)).status).toBe(200);
    }
    clock.advance(hours(8));
    const reply = await whoAmI(cookie);
    expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="lotty"']);
  });

  it("ends after its longest time, however much it is used", async () => {
    const { cookie } = await logIn();
    for (let hour = 0; hour < 167; hour += 1) {
      clock.advance(3_600_000_000);
      if (hour % 7 === 0) expect((await whoAmI(cookie)).status).toBe(200);
    }
    clock.advance(3_600_000_000);
    expect((await whoAmI(cookie)).status).toBe(401);
  });

  it("ends by logging out, alone; and with all others of the person by logging out everywhere", async () => {
    const [one, two, three] = [await logIn(), await logIn(), await logIn()];
    const out = await send("DELETE", "/v1/session", { headers: one.own });
    expect([out.status, out.headers.get("set-cookie")]).toEqual([
      204,
      "lotty_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
    ]);
    expect((await whoAmI(one.cookie)).status).toBe(401);
    expect((await whoAmI(two.cookie)).status).toBe(200);
    expect((await send("DELETE", "/v1/sessions", { headers: two.own })).status).toBe(204);
    for (const { cookie } of [two, three]) expect((await whoAmI(cookie)).status).toBe(401);
  });

  it("is planted by nobody: a cookie that comes twice counts for nothing", async () => {
    const { cookie } = await logIn();
    const reply = await whoAmI(`lotty_session=${"A".repeat(43)}; ${cookie}`);
    expect(reply.status).toBe(401);
  });

  it("takes a new password only with the old one, and ends all others then", async () => {
    await people.add("bob", ["viewer"]);
    const [here, elsewhere] = [await logIn("bob"), await logIn("bob")];
    const change = (current: string, next: string): Promise<Reply> =>
      send("PUT", "/v1/session/password", { body: { current, next }, headers: here.own });
    expect(await change("wrong", "another good one")).toMatchObject({
      status: 400,
      json: { errors: [{ path: "/current" }] },
    });
    expect(await change(PASSWORD, "short")).toMatchObject({ status: 400, json: { errors: [{ path: "/next" }] } });
    expect((await change(PASSWORD, "another good one")).status).toBe(200);
    expect((await whoAmI(here.cookie)).status).toBe(200);
    expect((await whoAmI(elsewhere.cookie)).status).toBe(401);
    await logIn("bob", {}, "another good one");
  });

  it("is nothing that a key has", async () => {
    const headers = { authorization: `Bearer ${await people.key(["manage"], { roles: ["admin"] })}` };
    for (const [method, path] of [
      ["DELETE", "/v1/session"],
      ["DELETE", "/v1/sessions"],
      ["PUT", "/v1/session/password"],
    ] as const) {
      expect(await send(method, path, { headers })).toMatchObject({ status: 403, json: { code: "forbidden" } });
    }
  });
});

describe("people", () => {
  it("are kept by an admin, and lose their sessions with their password", async () => {
    const { own } = await logIn();
    const added = await send("POST", "/v1/users", {
      headers: own,
      body: { name: "Bob", password: PASSWORD, roles: ["viewer"] },
    });
    expect(added).toMatchObject({ status: 201, json: { name: "bob", roles: ["viewer"], disabled: false } });
    const path = added.headers.get("location") ?? "";
    const bob = await logIn("bob");
    expect((await send("GET", "/v1/users", { headers: { cookie: bob.cookie } })).status).toBe(403);
    expect(await send("PATCH", path, { headers: own, body: { roles: ["approver"] } })).toMatchObject({
      status: 200,
      json: { roles: ["approver"] },
    });
    expect((await whoAmI(bob.cookie)).json["roles"]).toEqual(["approver"]);
    expect((await send("PATCH", path, { headers: own, body: { password: "another good one" } })).status).toBe(200);
    expect((await whoAmI(bob.cookie)).status).toBe(401);
    expect((await send("DELETE", path, { headers: own })).status).toBe(204);
    expect((await send("GET", path, { headers: own })).status).toBe(404);
    expect((await send("GET", "/v1/users", { headers: own })).json).toMatchObject({ users: [{ name: "admin" }] });
  });

  it("keep an admin, have names of their own, and good passwords", async () => {
    const { own } = await logIn();
    const [admin] = await people.identity.people.list();
    const path = `/v1/users/${admin?.id ?? ""}`;
    for (const [method, body] of [
      ["DELETE", undefined],
      ["PATCH", { roles: ["viewer"] }],
      ["PATCH", { disabled: true }],
    ] as const) {
      expect(await send(method, path, { headers: own, body })).toMatchObject({
        status: 409,
        json: { code: "last_admin" },
      });
    }
    const add = (body: object): Promise<Reply> => send("POST", "/v1/users", { headers: own, body });
    const good = { name: "bob", password: PASSWORD, roles: ["viewer"] };
    expect((await add(good)).status).toBe(201);
    expect(await add({ ...good, name: "BOB" })).toMatchObject({ status: 409, json: { code: "already_exists" } });
    expect(await add({ ...good, name: "é" })).toMatchObject({ status: 400, json: { errors: [{ path: "/name" }] } });
    expect(await add({ ...good, name: "eve", password: "eve-eve-eve!" })).toMatchObject({ status: 400 });
    expect(await add({ ...good, name: "eve", roles: [] })).toMatchObject({ status: 400 });
    expect(await add({ ...good, name: "eve", roles: ["root"] })).toMatchObject({ status: 400 });
  });

  it.each(["id", "disabled", "passwordHash", "password_hash", "created_at", "__proto__", "constructor"])(
    "do not let a caller set %s",
    async (field) => {
      const { own } = await logIn();
      const body = `{"name":"eve","password":${JSON.stringify(PASSWORD)},"roles":["viewer"],"${field}":{"roles":["admin"]}}`;
      const reply = await send("POST", "/v1/users", { headers: own, body });
      expect(reply).toMatchObject({ status: 400, json: { code: "invalid_request" } });
      expect(await people.identity.people.list()).toHaveLength(1);
    },
  );

  it.each(["x", "../keys", "__proto__", "00000000-0000-7000-8000-00000000ffff", "%00", "'; DROP TABLE users; --"])(
    "are not found under %j",
    async (id) => {
      const { own } = await logIn();
      const reply = await send("GET", `/v1/users/${encodeURIComponent(id)}`, { headers: own });
      expect(reply.status).toBe(404);
    },
  );
});

describe("keys", () => {
  it("are shown once, listed without their secret, and revoked for good", async () => {
    const { own } = await logIn();
    const expires = "2027-01-01T00:00:00Z";
    const made = await send("POST", "/v1/keys", {
      headers: own,
      body: { name: "Website", type: "server", scopes: ["read", "decide"], expires_at: expires },
    });
    expect(made).toMatchObject({
      status: 201,
      json: { name: "Website", roles: ["viewer"], environment: "production", created_by: "admin", expires_at: expires },
    });
    const text = String(made.json["key"]);
    await people.identity.ring.start();
    const asKey = { authorization: `Bearer ${text}` };
    expect((await send("GET", "/v1/session", { headers: asKey })).json).toMatchObject({ kind: "key", name: "Website" });
    const listed = await send("GET", "/v1/keys", { headers: own });
    expect(JSON.stringify(listed.json)).not.toContain(text.slice(-49));
    expect(JSON.stringify(logger.lines)).not.toContain(text.slice(-49));
    const revoked = await send("DELETE", made.headers.get("location") ?? "", { headers: own });
    expect(revoked).toMatchObject({ status: 200, json: { revoked_at: expect.any(String) } });
    await people.identity.ring.start();
    expect((await send("GET", "/v1/session", { headers: asKey })).status).toBe(401);
  });

  it.each([
    [{ type: "client", scopes: ["decide", "read"] }, "/type"],
    [{ type: "client", scopes: ["decide"], roles: ["admin"] }, "/type"],
    [{ type: "root", scopes: ["decide"] }, "/type"],
    [{ type: "server", scopes: [] }, "/scopes"],
    [{ type: "server", scopes: ["decide", "decide"] }, "/scopes"],
    [{ type: "server", scopes: ["everything"] }, "/scopes/0"],
    [{ type: "server", scopes: ["decide"], environment: "staging" }, "/environment"],
    [{ type: "server", scopes: ["decide"], expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
    [{ type: "server", scopes: ["decide"], expires_at: "soon" }, "/expires_at"],
    [{ type: "server", scopes: ["decide"], digest: "00" }, "/digest"],
    [{ type: "server", scopes: ["decide"], name: " " }, "/name"],
  ])("are not made of %j", async (given, path) => {
    const { own } = await logIn();
    const reply = await send("POST", "/v1/keys", { headers: own, body: { name: "x", ...given } });
    expect(reply).toMatchObject({ status: 400, json: { errors: [{ path }] } });
    expect(await people.identity.keys.list()).toEqual([]);
  });
});

describe("the log", () => {
  it("tells who logged in and who tried, and never with what", async () => {
    await logIn();
    await send("POST", "/v1/session", { body: { name: "admin", password: "wrong secret" } });
    const lines = logger.lines.filter(({ event }) => event.startsWith("log_in"));
    expect(lines.map(({ event }) => event)).toEqual(["log_in", "log_in_refused"]);
    expect(JSON.stringify(logger.lines)).not.toMatch(/secret|horse/);
  });
});

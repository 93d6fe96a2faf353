import { request as sendRequest } from "node:http";
import type { EnvironmentDirectory } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID, DEFAULT_ENVIRONMENT_KEY, type Role, ROLES, systemActor } from "@lotty/domain";
import { type Scope, SCOPES } from "@lotty/identity";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Route } from "../routing/route.ts";
import { openPeople, PASSWORD } from "../testing/people-for-test.ts";
import { ScriptedDecider } from "../testing/scripted-decider.ts";
import { serveForTest } from "../testing/serve-for-test.ts";
import { guarded } from "./guard.ts";

/** Roles that make each required one. Written down here once more, so that the rule and this table have to agree. */
const SUFFICIENT: Readonly<Record<Role, readonly Role[]>> = {
  admin: ["admin"],
  experimenter: ["admin", "experimenter"],
  approver: ["admin", "approver"],
  viewer: ["admin", "experimenter", "approver", "viewer"],
};

/** What anyone may do. To be open, a route has to be added here. */
const OPEN = ["POST /v1/session", "GET /openapi.json", "GET /docs", "GET /docs/style.css"];

/** What takes a body and changes nothing all the same. */
const LOOKS = ["POST /v1/decisions/:decision_id/replay", "POST /v1/power"];

/** What only an admin may do. */
const ADMINS_ONLY = /^\/v1\/(users|keys)(\/|$)/;

const PORTS = { clock: new ManualClock(1_790_000_000_000_000), logger: new RecordingLogger() };

interface Credential {
  readonly who: string;
  readonly headers: Record<string, string>;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
}

const ENVIRONMENTS: EnvironmentDirectory = {
  idOf: (key) => (key === DEFAULT_ENVIRONMENT_KEY ? DEFAULT_ENVIRONMENT_ID : undefined),
  keyOf: () => undefined,
  refreshEnvironments: () => Promise.resolve(),
};

const people = await openPeople(PORTS, { AUTHENTICATION: "required" });
const server = await serveForTest({
  decider: new ScriptedDecider(),
  logger: new RecordingLogger(),
  authenticator: people.authenticator,
  identity: () => people.identity,
  environments: ENVIRONMENTS,
});
const { routes } = server;
const credentials: Credential[] = [{ who: "nobody", headers: {}, roles: [], scopes: [] }];

/** A key of another environment that may do everything there. */
let staging: Record<string, string>;

beforeAll(async () => {
  people.environments.set("staging", "00000000-0000-7000-8000-000000000002");
  const roles = ["admin"] as const;
  staging = { authorization: `Bearer ${await people.key(SCOPES, { roles, environment: "staging" })}` };
  for (const scope of SCOPES) {
    for (const role of ROLES) {
      const headers = { authorization: `Bearer ${await people.key([scope], { roles: [role] })}` };
      credentials.push({ who: `a key for ${scope} as ${role}`, headers, roles: [role], scopes: [scope] });
    }
  }
});

afterAll(() => server.close(0));

/** Sends a request exactly as written: `fetch` would tidy the path up. Resolves with the status, and hangs up. */
function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const request = sendRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    request.on("error", reject);
    request.end();
  });
}

/** A path that the route takes. */
function exampleOf({ path }: Route): string {
  return path.replaceAll(/[:*][a-z_]+/g, "00000000-0000-7000-8000-00000000ffff");
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

describe("every route", () => {
  it("has a rule, and nothing is open but what is listed here", () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(
      routes
        .filter(({ access }) => access.kind === "public")
        .map(nameOf)
        .toSorted(),
    ).toEqual(OPEN.toSorted());
  });

  it("of people and keys is for admins", () => {
    const found = routes.filter(({ path }) => ADMINS_ONLY.test(path));
    expect(found.length).toBeGreaterThan(8);
    for (const route of found) expect([nameOf(route), route.access]).toMatchObject([nameOf(route), { role: "admin" }]);
  });

  it("that changes something needs more than to look, unless it only decides", () => {
    for (const route of routes) {
      const { access, method } = route;
      if (method === "GET" || access.kind === "public" || LOOKS.includes(nameOf(route))) continue;
      expect([nameOf(route), access.scope]).not.toEqual([nameOf(route), "read"]);
    }
  });

  it.each(routes.filter(({ access }) => access.kind === "scope").map((route) => [nameOf(route), route] as const))(
    "%s takes exactly those whom its rule names",
    async (_name, route) => {
      const { access } = route;
      if (access.kind === "public") throw new Error("not one of these");
      for (const { headers, roles, scopes, who } of credentials) {
        const status = await statusOf(route.method, exampleOf(route), headers);
        const may = scopes.includes(access.scope) && roles.some((role) => SUFFICIENT[access.role].includes(role));
        if (may) expect([who, [401, 403].includes(status) && !OWN.test(route.path)]).toEqual([who, false]);
        else expect([who, status]).toEqual([who, who === "nobody" ? 401 : 403]);
      }
    },
  );

  it("that concerns all environments is closed to keys of another than production, whatever they may do there", async () => {
    const everywhere = routes.filter(({ access }) => access.kind === "scope" && access.everywhere === true);
    expect(new Set(everywhere.map(({ path }) => path.split("/")[2]))).toEqual(
      new Set(["users", "keys", "audit", "environments"]),
    );
    for (const route of everywhere) {
      expect([nameOf(route), await statusOf(route.method, exampleOf(route), staging)]).toEqual([nameOf(route), 403]);
    }
  });

  it("that concerns one environment is closed to keys of another, whether it is named by its key or is not there", async () => {
    const some = routes.filter(({ access }) => access.kind === "scope" && access.everywhere !== true);
    expect(some.length).toBeGreaterThan(15);
    for (const route of some) {
      for (const key of ["production", "nowhere"]) {
        const path = `${exampleOf(route)}?environment=${key}`;
        expect([nameOf(route), await statusOf(route.method, path, staging)]).toEqual([nameOf(route), 403]);
      }
    }
  });

  it("without a rule is refused when it is mounted", () => {
    const route = { method: "GET", path: "/x", handler: () => ({ status: 200, mediaType: null, body: "" }) };
    const parts = { ...people, environments: ENVIRONMENTS };
    // What a caller without a compiler could hand over.
    expect(() => guarded(route as unknown as Route, parts)).toThrow("does not say who may use it");
    const inherited = { ...route, access: Object.create({ kind: "public" }) as Route["access"] };
    expect(() => guarded(inherited as unknown as Route, parts)).toThrow(TypeError);
  });
});

/** Routes for people who have logged in, where keys are refused by the handler. */
const OWN = /^\/v1\/sessions?(\/|$)/;

describe("a path that is written in another way", () => {
  const secret = ["/v1/users", "/v1/keys", "/v1/decide", "/metrics", "/v1/snapshot"];
  const tricks = secret.flatMap((path) => [
    `/${path}`,
    `${path}/`,
    `${path}//`,
    `/.${path}`,
    `/x/..${path}`,
    path.toUpperCase(),
    path.replace("v1", "V1"),
    path.replace("v1", "%76%31"),
    path.replaceAll("/", "%2f"),
    `/%2e${path}`,
    `/%2e%2e${path}`,
    `${path}%00`,
    `${path};x`,
    `${path}.json`,
    `http://example.com${path}`,
    `${path}?x=/v1/session`,
    `/v1/session/..${path}`,
    `/livez/..${path}`,
  ]);

  it.each(tricks)("opens nothing: %s", async (path) => {
    for (const method of ["GET", "POST", "HEAD", "DELETE", "PATCH"]) {
      const status = await statusOf(method, path, {});
      expect([method, [400, 401, 404, 405].includes(status), status]).toEqual([method, true, status]);
    }
  });
});

describe("the figures", () => {
  it("are for those who may look, and the state of the process is for everybody", async () => {
    const reading = { authorization: `Bearer ${await people.key(["read"])}` };
    const deciding = { authorization: `Bearer ${await people.key(["decide"])}` };
    expect(await statusOf("GET", "/metrics", {})).toBe(401);
    expect(await statusOf("GET", "/metrics?x", {})).toBe(401);
    expect(await statusOf("GET", "/metrics", deciding)).toBe(403);
    expect(await statusOf("GET", "/metrics", reading)).toBe(200);
    expect(await statusOf("GET", "/livez", {})).toBe(200);
    expect(await statusOf("GET", "/readyz", {})).toBe(200);
  });
});

describe("on an installation that trusts its machine", () => {
  it("nobody needs a key to decide and look, and everybody one to change or to see people and keys", async () => {
    const { authenticator, identity } = await openPeople(PORTS);
    const logger = new RecordingLogger();
    const trusting = await serveForTest({
      decider: new ScriptedDecider(),
      logger,
      authenticator,
      identity: () => identity,
    });
    try {
      for (const route of routes) {
        const { access } = route;
        const isFree = access.kind === "public" || (access.scope !== "manage" && access.role === "viewer");
        const { status, body } = await fetch(`${trusting.url}${exampleOf(route)}`, { method: route.method });
        await body?.cancel();
        if (nameOf(route) === "POST /v1/session") continue;
        expect([nameOf(route), status === 401]).toEqual([nameOf(route), !isFree]);
      }
      const headers = { authorization: `Bearer lotty_server_${"0".repeat(8)}_${"0".repeat(49)}` };
      expect((await fetch(`${trusting.url}/metrics`, { headers })).status).toBe(401);
      expect((await fetch(`${trusting.url}/metrics`, { headers: { authorization: "Basic eDp5" } })).status).toBe(200);
    } finally {
      await trusting.close(0);
    }
  });
});

describe("a key", () => {
  it("in the address is nobody's", async () => {
    const key = await people.key(["read"]);
    for (const name of ["key", "api_key", "access_token", "token", "x-api-key", "authorization"]) {
      expect(await statusOf("GET", `/v1/session?${name}=${key}`, {})).toBe(401);
    }
  });

  it("is taken as a bearer or in X-API-Key, and nowhere else", async () => {
    const key = await people.key(["read"]);
    expect(await statusOf("GET", "/v1/session", { authorization: `Bearer ${key}` })).toBe(200);
    expect(await statusOf("GET", "/v1/session", { authorization: `bearer  ${key}` })).toBe(200);
    expect(await statusOf("GET", "/v1/session", { "x-api-key": key })).toBe(200);
    expect(await statusOf("GET", "/v1/session", { authorization: key })).toBe(401);
    expect(await statusOf("GET", "/v1/session", { authorization: `Basic ${btoa(`x:${key}`)}` })).toBe(401);
    expect(await statusOf("GET", "/v1/session", { cookie: `lotty_session=${key}` })).toBe(401);
  });

  it("that is mistyped or revoked is refused, also beside a session that is not", async () => {
    const key = await people.key(["read"]);
    const [held] = await people.identity.keys.list();
    const mistyped = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;
    expect(await statusOf("GET", "/v1/session", { authorization: `Bearer ${mistyped}` })).toBe(401);
    expect(await statusOf("GET", "/v1/session", { authorization: `Bearer ${key}` })).toBe(200);
    await people.identity.keys.revoke(held?.id ?? "", systemActor("a test"));
    await people.identity.ring.start();
    const login = await people.identity.sessions.logIn({
      name: "admin",
      password: PASSWORD,
      address: "a",
      previous: undefined,
    });
    const cookie = `lotty_session=${login.status === "done" ? login.token : ""}`;
    expect(await statusOf("GET", "/v1/session", { cookie })).toBe(200);
    expect(await statusOf("GET", "/v1/session", { cookie, authorization: `Bearer ${key}` })).toBe(401);
  });

  it("of type client decides and learns no rules", async () => {
    const headers = { authorization: `Bearer ${await people.key(["decide"], { type: "client" })}` };
    expect(await statusOf("POST", "/v1/decide", headers)).toBe(415);
    expect(await statusOf("POST", "/v1/explain", headers)).toBe(403);
  });
});

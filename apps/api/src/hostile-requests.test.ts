import { gzipSync } from "node:zlib";
import { MAX_BODY_BYTES, MAX_EVENTS_BYTES } from "@lotty/contracts";
import { MAX_DEFINITIONS_BYTES } from "@lotty/contracts/definitions";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSWORD } from "./testing/people-for-test.ts";
import type { PersonForTest } from "./testing/person-for-test.ts";
import { type ServedControl, serveControl } from "./testing/serve-control.ts";

/** Takes events by the thousand, packed, and answers for each of them. */
const BATCHES = "POST /v1/events";

/** What takes bodies that are packed with gzip, and how many bytes they may have when they are unpacked. */
const TAKES_PACKED: ReadonlyMap<string, number> = new Map([
  [BATCHES, MAX_EVENTS_BYTES],
  ["POST /v1/definitions", MAX_DEFINITIONS_BYTES],
]);

/** Depth of the body that brought a rival's server down (CVE-2026-63462). */
const BOMB_DEPTH = 5_000;

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Names of the fields that a body may have. */
  readonly fields: readonly string[];
  /** Names of the parameters of the query. */
  readonly query: readonly string[];
}

const server: ServedControl = await serveControl();
const admin: PersonForTest = await server.person("root", ["admin", "experimenter", "approver"]);
const operations = await readOperations();
const taking = operations.filter(({ fields }) => fields.length > 0).map((each) => [each.name, each] as const);
const looking = operations.filter(({ method }) => method === "GET").map((each) => [each.name, each] as const);

/** What routes with a parameter work on: things that are there. */
const ids = new Map<string, string>([["user_id", admin.id]]);

beforeAll(async () => {
  const make = async (parameter: string, path: string, body: unknown): Promise<string> => {
    const made = await admin.ask("POST", path, { body });
    expect([path, made.status]).toEqual([path, 201]);
    const { id } = made.body as { readonly id: string };
    ids.set(parameter, id);
    return id;
  };
  const flagId = await make("flag_id", "/v1/flags", { key: "button", type: "json", default: { a: 1 } });
  await make("segment_id", "/v1/segments", { key: "germans", rule: 'country == "DE"' });
  await make("domain_id", "/v1/domains", { key: "checkout" });
  await make("experiment_id", "/v1/experiments", { key: "green", flag_id: flagId });
  await make("key_id", "/v1/keys", { name: "shop", type: "server", scopes: ["decide"] });
  const group = { name: "checkout", experimenters: [admin.id], approvers: [admin.id], minimum: 1 };
  await make("group_id", "/v1/approver-groups", group);
});

afterAll(() => server.close(0));

async function readOperations(): Promise<readonly Operation[]> {
  const answer = await fetch(`${server.url}/openapi.json`);
  const document = (await answer.json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const fieldsOf = ({ $ref, anyOf = [], oneOf = [], properties = {} }: Schema): readonly string[] => {
    const named = $ref === undefined ? undefined : document.components.schemas[$ref.split("/").at(-1) ?? ""];
    const parts = [...anyOf, ...oneOf, ...(named === undefined ? [] : [named])];
    return [...new Set([...Object.keys(properties), ...parts.flatMap(fieldsOf)])];
  };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [], requestBody }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      fields: Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema)),
      query: parameters.filter((each) => each.in === "query").map(({ name }) => name),
    })),
  );
}

function pathOf({ path }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids.get(name) ?? "00000000-0000-7000-8000-00000000ffff");
}

interface Sent {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a body as it is, as somebody who may do everything. */
async function send(operation: Operation, { body, headers }: Sent): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}${pathOf(operation)}`, {
    method: operation.method,
    headers: { ...admin.headers, "content-type": "application/json", "if-match": '"1"', ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** Everything that people could have done to each other. */
async function kept(): Promise<unknown> {
  const paths = ["/v1/users", "/v1/keys", "/v1/flags", "/v1/segments", "/v1/domains", "/v1/approver-groups"];
  const answers = await Promise.all(paths.map(async (path) => (await admin.ask("GET", path)).body));
  return JSON.parse(JSON.stringify(answers, (name, value: unknown) => (name === "last_used_at" ? null : value)));
}

function expectUnharmed(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { readonly admin?: unknown }).admin).toBeUndefined();
  expect(server.logger.lines.filter(({ level }) => level === "error")).toEqual([]);
}

/** What a batch of one answers that was not taken. */
const REJECTED = /"accepted":0,"duplicates":0,"rejected":1,/;

function nested(open: string, close: string): string {
  return `${open.repeat(BOMB_DEPTH)}1${close.repeat(BOMB_DEPTH)}`;
}

describe("every route that takes a body", () => {
  it("is one of those that are sent what follows", () => {
    expect(taking.length).toBeGreaterThan(25);
  });

  it.each(taking)("%s refuses a body that is nested too deeply, whichever field it is in", async (_, operation) => {
    const lists = nested("[", "]");
    const objects = nested('{"a":', "}");
    const bodies = [
      lists,
      objects,
      ...operation.fields.flatMap((field) => [lists, objects].map((bomb) => `{"${field}":${bomb}}`)),
    ];
    const before = await kept();
    for (const body of bodies) {
      const { status, text } = await send(operation, { body });
      const isRefused = (status >= 400 && status < 500) || (operation.name === BATCHES && REJECTED.test(text));
      expect([body.slice(0, 30), isRefused, status]).toEqual([body.slice(0, 30), true, status]);
      // Answers that repeat what was sent are how such a body does its harm.
      expect(text).not.toContain("[[[[");
      expect(text.length).toBeLessThan(10_000);
    }
    expectUnharmed();
    expect(await kept()).toEqual(before);
  });

  it.each(taking)(
    "%s gives nobody more by the names of prototypes or by fields that are not its own",
    async (_, operation) => {
      const before = await kept();
      const more = { admin: true, is_admin: true, roles: ["admin"], role: "admin", id: admin.id, owner_id: admin.id };
      const bodies = [
        `{"__proto__":${JSON.stringify(more)}}`,
        `{"constructor":{"prototype":${JSON.stringify(more)}}}`,
        ...Object.entries({
          ...more,
          version: 99,
          status: "running",
          environment_id: "x",
          password_hash: "x",
          revoked_at: null,
        })
          .filter(([name]) => !operation.fields.includes(name))
          .map(([name, value]) => JSON.stringify({ [name]: value })),
      ];
      for (const body of bodies) {
        const { status } = await send(operation, { body });
        expect([body, status >= 400 && status < 500, status]).toEqual([body, true, status]);
      }
      expectUnharmed();
      expect(await kept()).toEqual(before);
    },
  );

  it.each(taking)("%s takes no body that is too large, packed or not, or in another form", async (_, operation) => {
    const packedLimit = TAKES_PACKED.get(operation.name);
    const large = `{"x":"${"a".repeat(packedLimit ?? MAX_BODY_BYTES)}"}`;
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, " ")));
    const sent: readonly (readonly [status: number, Sent])[] = [
      [413, { body: large }],
      [packedLimit === undefined ? 415 : 413, { body: bomb, headers: { "content-encoding": "gzip" } }],
      [415, { body: "a=1", headers: { "content-type": "application/x-www-form-urlencoded" } }],
      [415, { body: "<a/>", headers: { "content-type": "text/xml" } }],
    ];
    for (const [status, each] of sent) expect((await send(operation, each)).status).toBe(status);
    expectUnharmed();
  });
});

describe("every route that is looked at", () => {
  it.each(looking)("%s has an answer for a query that makes no sense", async (_, operation) => {
    const senseless = ["__proto__", "%00", "%ff", "-1", "1e999", "9".repeat(400), "' OR 1=1 --", "[]", "=1+1"];
    const queries = [
      "__proto__[x]=1",
      "constructor=1",
      ...operation.query.flatMap((name) => [`${name}=1&${name}=2`, ...senseless.map((value) => `${name}=${value}`)]),
    ];
    for (const query of queries) {
      const abort = new AbortController();
      const url = `${server.url}${pathOf(operation)}?${query}`;
      const response = await fetch(url, { headers: admin.headers, signal: abort.signal });
      expect([query, response.status < 500, response.status]).toEqual([query, true, response.status]);
      abort.abort();
    }
    expectUnharmed();
  });
});

describe("a person", () => {
  it("cannot make himself an admin, whichever way he writes it", async () => {
    const viewer = await server.person("victor", ["viewer"]);
    const tries: readonly (readonly [method: string, path: string, body: unknown])[] = [
      ["PATCH", `/v1/users/${viewer.id}`, { roles: ["admin"] }],
      ["PUT", "/v1/session/password", { current: PASSWORD, next: "battery horse correct", roles: ["admin"] }],
      ["POST", "/v1/users", { name: "victor2", password: PASSWORD, roles: ["admin"] }],
      ["POST", "/v1/keys", { name: "x", type: "server", scopes: ["manage"], roles: ["admin"] }],
    ];
    for (const [method, path, body] of tries) {
      const { status } = await viewer.ask(method, path, { body });
      expect([method, path, [400, 403].includes(status)]).toEqual([method, path, true]);
    }
    expect((await admin.ask("GET", `/v1/users/${viewer.id}`)).body).toMatchObject({ roles: ["viewer"] });
  });
});

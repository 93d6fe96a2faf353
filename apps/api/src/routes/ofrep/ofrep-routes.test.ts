import { LottyError } from "@lotty/domain";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EVERY_TYPE_FILE } from "../../testing/every-type-file.ts";
import { ScriptedDecider } from "../../testing/scripted-decider.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

const ANY_TEXT: unknown = expect.any(String);
const ALL = "/ofrep/v1/evaluate/flags";

let server: ServedConfiguration;

beforeAll(async () => {
  server = await serveConfiguration(EVERY_TYPE_FILE);
});

afterAll(() => server.close(0));

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? {} : JSON.parse(text) };
}

const evaluate = (key: string, context: unknown): Promise<Reply> => post(`${ALL}/${key}`, { context });

describe("POST /ofrep/v1/evaluate/flags/{key}", () => {
  it.each([
    ["an experiment as SPLIT with its variant", "button", { country: "DE" }, "SPLIT", "green", "experiment_assigned"],
    ["no match of the experiment as STATIC", "button", { country: "FR" }, "STATIC", "grey", "targeting_mismatch"],
    ["a flag without experiment as STATIC", "greeting", {}, "STATIC", "hello", "no_active_experiment"],
    [
      "a rule of the flag as TARGETING_MATCH",
      "for-beta",
      { beta: true },
      "TARGETING_MATCH",
      "beta",
      "no_active_experiment",
    ],
    ["a flag that is switched off as DISABLED", "switched-off", {}, "DISABLED", "off", "flag_disabled"],
  ])("answers %s", async (_, key, attributes, reason, value, lottyReason) => {
    const { status, json } = await evaluate(key, { targetingKey: `${key} ${reason}`, ...attributes });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      key,
      value,
      reason,
      metadata: { lottyReason, flagVersion: 1, durability: "committed" },
    });
    expect(json["variant"]).toBe(reason === "SPLIT" ? "green" : undefined);
  });

  it("records the decision whose id it tells, as POST /v1/decide does", async () => {
    const { json } = await evaluate("button", { targetingKey: "recorded", country: "DE" });
    const { decisionId } = json["metadata"] as { readonly decisionId: string };
    const [decision] = server.store.decisions.filter(({ subjectId }) => subjectId === "recorded");
    expect(decision).toMatchObject({ decisionId, flagKey: "button", reason: "experiment_assigned" });
  });

  it("tells facts as primitives only, which is all that clients keep", async () => {
    const { json } = await evaluate("button", { targetingKey: "ada", country: "DE" });
    for (const fact of Object.values(json["metadata"] as object)) {
      expect(["string", "number", "boolean"]).toContain(typeof fact);
    }
  });

  it("answers a flag that does not exist with a problem that clients understand, and records the question", async () => {
    const { headers, json, status } = await evaluate("no-such-flag", { targetingKey: "lost" });
    expect(status).toBe(404);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(json).toMatchObject({ status: 404, code: "not_found", key: "no-such-flag", errorCode: "FLAG_NOT_FOUND" });
    expect(server.store.decisions.find(({ subjectId }) => subjectId === "lost")).toMatchObject({
      reason: "flag_not_found",
    });
  });

  it.each([
    ["is too long", "x".repeat(257)],
    ["has a U+0000", "a%00b"],
  ])("answers a key that %s, which no flag can have, without recording it", async (_, key) => {
    const { json, status } = await evaluate(key, { targetingKey: "impossible" });
    expect(status).toBe(404);
    expect(json).toMatchObject({ errorCode: "FLAG_NOT_FOUND", key: decodeURIComponent(key) });
    expect(server.store.decisions.some(({ subjectId }) => subjectId === "impossible")).toBe(false);
  });

  it("takes keys as URLs write them", async () => {
    const { json } = await evaluate("dark%2Dmode", { targetingKey: "ada" });
    expect(json).toMatchObject({ key: "dark-mode", value: true });
  });

  it("refuses a path that is no UTF-8", async () => {
    const { json, status } = await evaluate("%ff", { targetingKey: "ada" });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "invalid_request" });
    expect(server.logger.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  it.each([
    ["no context", {}, "TARGETING_KEY_MISSING"],
    ["an empty context", { context: {} }, "TARGETING_KEY_MISSING"],
    ["an empty targeting key", { context: { targetingKey: "" } }, "TARGETING_KEY_MISSING"],
    ["a targeting key that is null", { context: { targetingKey: null } }, "TARGETING_KEY_MISSING"],
    ["a targeting key that is a number", { context: { targetingKey: 7 } }, "INVALID_CONTEXT"],
    ["a targeting key that is too long", { context: { targetingKey: "k".repeat(257) } }, "INVALID_CONTEXT"],
    ["a context that is a list", { context: [] }, "INVALID_CONTEXT"],
    ["a context that is null", { context: null }, "INVALID_CONTEXT"],
    [
      "a context that is too deep",
      `{"context":{"targetingKey":"a","x":${"[".repeat(30)}${"]".repeat(30)}}}`,
      "INVALID_CONTEXT",
    ],
    [
      "too many attributes",
      { context: { targetingKey: "a", x: Array.from({ length: 1_001 }, () => 0) } },
      "INVALID_CONTEXT",
    ],
    ["a body that is no object", "[]", "PARSE_ERROR"],
    ["a body that is no JSON", "{", "PARSE_ERROR"],
    ["a nesting bomb", `{"context":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, "INVALID_CONTEXT"],
  ])("answers %s with 400, the right code and the key", async (_, body, errorCode) => {
    const { json, status } = await post(`${ALL}/greeting`, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "invalid_request", key: "greeting", errorCode, errorDetails: ANY_TEXT });
  });

  it("keeps attributes with the names of prototypes as what they are", async () => {
    const body = '{"context":{"targetingKey":"nested","__proto__":{"country":"DE"}}}';
    const { json } = await post(`${ALL}/button`, body);
    expect(json).toMatchObject({ reason: "STATIC", value: "grey" });
  });

  it("takes no other method, and says which it takes", async () => {
    const response = await fetch(`${server.url}${ALL}/greeting`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST, OPTIONS");
  });
});

describe("POST /ofrep/v1/evaluate/flags", () => {
  const ada = { context: { targetingKey: "ada", country: "DE" } };

  it("evaluates every flag of the configuration and tells where to hear of changes", async () => {
    const { json, status } = await post(ALL, ada);
    expect(status).toBe(200);
    const values = Object.fromEntries(
      (json["flags"] as { key: string; value: unknown }[]).map((each) => [each.key, each.value]),
    );
    expect(values).toEqual({
      "dark-mode": true,
      greeting: "hello",
      "page-size": 20,
      price: 9.99,
      layout: { columns: 2, order: ["a", "b"] },
      "switched-off": "off",
      "for-beta": "stable",
      button: "green",
    });
    expect(json["eventStreams"]).toEqual([{ type: "sse", endpoint: { requestUri: "/ofrep/v1/stream" } }]);
  });

  it("neither records nor takes a place in an experiment, and names no decision", async () => {
    const { json } = await post(ALL, { context: { targetingKey: "ahead", country: "DE" } });
    expect(server.store.decisions.some(({ subjectId }) => subjectId === "ahead")).toBe(false);
    for (const { metadata } of json["flags"] as { metadata: object }[])
      expect(metadata).not.toHaveProperty("decisionId");
  });

  it("answers 304 as long as neither configuration nor context change", async () => {
    const first = await post(ALL, ada);
    const etag = first.headers.get("etag") ?? "";
    const again = await post(
      ALL,
      { context: { country: "DE", targetingKey: "ada" } },
      { "if-none-match": `"x", W/${etag}` },
    );
    expect(again.status).toBe(304);
    expect(again.headers.get("etag")).toBe(etag);
    for (const context of [
      { targetingKey: "bob", country: "DE" },
      { targetingKey: "ada", country: "FR" },
    ]) {
      expect((await post(ALL, { context }, { "if-none-match": etag })).status).toBe(200);
    }
    await server.change(EVERY_TYPE_FILE.replace("default: hello", "default: good day"));
    await expect.poll(() => server.snapshots.production.revision).toBe(2);
    const changed = await post(ALL, ada, { "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
  });

  it("gives whoever has heard of a newer revision at least that one", async () => {
    const revision = await server.changeUnnoticed(EVERY_TYPE_FILE.replace("default: hello", "default: welcome"));
    expect((await post(ALL, ada)).json["metadata"]).toEqual({ revision: revision - 1 });
    const tag = encodeURIComponent(`"${revision}"`);
    expect((await post(`${ALL}?flagConfigEtag=${tag}`, ada)).json["metadata"]).toEqual({ revision });
  });

  it("takes a tag that is none of ours for no news", async () => {
    expect((await post(`${ALL}?flagConfigEtag=nonsense`, ada)).status).toBe(200);
  });

  it("answers a context without targeting key with 400 and no key of a flag", async () => {
    const { json, status } = await post(ALL, { context: {} });
    expect(status).toBe(400);
    expect(json["errorCode"]).toBe("TARGETING_KEY_MISSING");
    expect(json).not.toHaveProperty("key");
  });
});

describe("a service that cannot decide", () => {
  const decider = new ScriptedDecider();
  let failing: ServedConfiguration;

  beforeAll(async () => {
    failing = await serveConfiguration(EVERY_TYPE_FILE, { decider });
  });

  afterAll(() => failing.close(0));

  beforeEach(() => {
    decider.before = () => {
      throw new LottyError("database_unavailable", "The database at db.internal does not answer.");
    };
  });

  it.each([`${ALL}/greeting`, ALL])("says so at %s as a general error, without what is the log's", async (path) => {
    const response = await fetch(`${failing.url}${path}`, {
      method: "POST",
      body: JSON.stringify({ context: { targetingKey: "ada" } }),
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: "database_unavailable", errorCode: "GENERAL" });
    expect(text).not.toContain("db.internal");
  });

  it("gives evaluations that rest on less than everything no tag by which to keep them", async () => {
    decider.before = () => {};
    const decideForFlags = decider.decideForFlags.bind(decider);
    decider.decideForFlags = async (flags, request) =>
      (await decideForFlags(flags, request)).map((each) => ({ ...each, degraded: true as const }));
    const response = await fetch(`${failing.url}${ALL}`, {
      method: "POST",
      body: JSON.stringify({ context: { targetingKey: "ada" } }),
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.has("etag")).toBe(false);
  });
});

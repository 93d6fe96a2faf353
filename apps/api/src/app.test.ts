import { DEFAULT_ENVIRONMENT_ID, LottyError } from "@lotty/domain";
import { Health } from "@lotty/runtime";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ScriptedDecider } from "./testing/scripted-decider.ts";
import { type ServedForTest, serveForTest } from "./testing/serve-for-test.ts";

const JSON_TYPE = { "content-type": "application/json" };
const minimal = { flag: "checkout", subject_id: "user-1" };

const ANY_TEXT: unknown = expect.any(String);
const ANY_NUMBER: unknown = expect.any(Number);

function fieldsWith(fields: Record<string, unknown>): unknown {
  return expect.objectContaining(fields);
}

let decider: ScriptedDecider;
let logger: RecordingLogger;
let health: Health;
let server: ServedForTest;

beforeEach(async () => {
  decider = new ScriptedDecider();
  logger = new RecordingLogger();
  health = new Health();
  health.started();
  server = await serveForTest({ decider, logger, health });
});

afterEach(() => server.close(0));

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

async function send(path: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return send(path, { method: "POST", body, headers: { ...JSON_TYPE, ...headers } });
}

function decide(body: unknown): Promise<Reply> {
  return post("/v1/decide", JSON.stringify(body));
}

function expectProblem(reply: Reply, status: number, code: string): void {
  expect(reply.status).toBe(status);
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(reply.json).toMatchObject({
    type: "about:blank",
    status,
    code,
    request_id: reply.headers.get("x-request-id"),
  });
}

describe("POST /v1/decide", () => {
  it("answers one decision for one flag", async () => {
    const reply = await decide({ ...minimal, attributes: { plan: "pro" } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(reply.json).toEqual({
      decision_id: "01936f00-0000-7000-8000-000000000001",
      flag: "checkout",
      value: "wide",
      experiment_id: "01936f00-0000-7000-8000-00000000000e",
      variant_id: "01936f00-0000-7000-8000-00000000000f",
      reason: "experiment_assigned",
      durability: "committed",
    });
    expect(decider.asked).toEqual([
      {
        method: "decideForFlags",
        flags: ["checkout"],
        request: {
          subject: { id: "user-1", attributes: { plan: "pro" } },
          peek: false,
          environmentId: DEFAULT_ENVIRONMENT_ID,
        },
      },
    ]);
  });

  it("answers several flags in their order, with one call", async () => {
    const reply = await decide({ flags: ["b", "a"], subject_id: "user-1" });
    expect(reply.json).toMatchObject({ decisions: [{ flag: "b" }, { flag: "a" }] });
    expect(decider.asked).toHaveLength(1);
    expect(decider.asked[0]?.method).toBe("decideForFlags");
  });

  it("passes peek on and answers what it means for durability", async () => {
    const reply = await decide({ ...minimal, peek: true });
    expect(reply.json).toMatchObject({ durability: "none" });
    expect(decider.asked[0]?.request.peek).toBe(true);
  });

  it("passes attributes named like parts of objects on as ordinary attributes", async () => {
    const attributes = '{"__proto__":{"admin":true},"constructor":1,"toString":"x"}';
    const reply = await post("/v1/decide", `{"flag":"checkout","subject_id":"user-1","attributes":${attributes}}`);
    expect(reply.status).toBe(200);
    const passed = decider.asked[0]?.request.subject.attributes ?? {};
    expect(JSON.stringify(passed)).toBe(attributes);
    expect(Object.getPrototypeOf(passed)).toBe(Object.prototype);
    expect("admin" in passed).toBe(false);
  });

  it.each([
    ["no flag", { subject_id: "user-1" }, "/flag"],
    ["both flag and flags", { ...minimal, flags: ["a"] }, ""],
    ["an unknown field", { ...minimal, extra: 1 }, "/extra"],
    ["a flag twice", { flags: ["a", "a"], subject_id: "user-1" }, "/flags"],
    ["101 flags", { flags: Array.from({ length: 101 }, (_, index) => `f${index}`), subject_id: "u" }, "/flags"],
    ["an empty list of flags", { flags: [], subject_id: "user-1" }, "/flags"],
    ["half a surrogate pair in the subject id", { ...minimal, subject_id: "a\ud800" }, "/subject_id"],
    ["U+0000 in the subject id", { ...minimal, subject_id: "a\0" }, "/subject_id"],
    ["a subject id of 257 bytes", { ...minimal, subject_id: `${"ä".repeat(128)}x` }, "/subject_id"],
    ["a number as subject id", { ...minimal, subject_id: 1 }, "/subject_id"],
    ["a list as attributes", { ...minimal, attributes: [] }, "/attributes"],
    ["1,001 attributes", { ...minimal, attributes: { list: Array(1_000).fill(0) } }, "/attributes"],
    ["a word as peek", { ...minimal, peek: "true" }, "/peek"],
    ["a list as body", [minimal], ""],
    ["null as body", null, ""],
  ])("refuses %s", async (_, body, path) => {
    const reply = await decide(body);
    expectProblem(reply, 400, "invalid_request");
    expect(reply.json).toMatchObject({ errors: [{ path, message: ANY_TEXT }] });
    expect(decider.asked).toEqual([]);
  });

  it("refuses nesting of 5,000 levels wherever it is, and lives on", async () => {
    const bomb = "[".repeat(5_000) + "]".repeat(5_000);
    const objects = '{"a":'.repeat(5_000) + "1" + "}".repeat(5_000);
    for (const body of [
      bomb,
      objects,
      `{"flag":"f","subject_id":"s","attributes":{"a":${bomb}}}`,
      `{"flag":"f","subject_id":"s","attributes":${objects}}`,
      `{"flag":${bomb},"subject_id":"s"}`,
      `{"flags":${bomb},"subject_id":"s"}`,
      `{"flag":"f","subject_id":"s","peek":${objects}}`,
      `{"flag":"f","subject_id":"s","other":${bomb}}`,
    ]) {
      expectProblem(await post("/v1/decide", body), 400, "invalid_request");
    }
    expect((await decide(minimal)).status).toBe(200);
  });

  it("takes attributes of 20 levels and refuses 21", async () => {
    const nested = (depth: number): string => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
    const body = (depth: number): string => `{"flag":"f","subject_id":"s","attributes":${nested(depth)}}`;
    expect((await post("/v1/decide", body(20))).status).toBe(200);
    expect((await post("/v1/decide", body(21))).status).toBe(400);
  });

  it("takes a body of 65,536 bytes and refuses one byte more", async () => {
    const sized = (bytes: number): string => JSON.stringify(minimal).padEnd(bytes, " ");
    expect((await post("/v1/decide", sized(65_536))).status).toBe(200);
    expectProblem(await post("/v1/decide", sized(65_537)), 413, "request_too_large");
  });

  it("lets a caller that sends far too much read the answer", async () => {
    expectProblem(await post("/v1/decide", new Uint8Array(8_000_000)), 413, "request_too_large");
  });

  it("tells where a body is not JSON, without repeating it", async () => {
    const reply = await post("/v1/decide", '{"flag": "checkout",\n  "subject_id": s3cret}');
    expectProblem(reply, 400, "invalid_request");
    expect(reply.json).toMatchObject({ detail: "The body is not valid JSON from line 2, column 17 on." });
    expect(reply.text).not.toContain("s3cret");
  });

  it.each([
    ["an empty body", "", "The body is empty."],
    ["white space", " \n", "The body is empty."],
    ["a body that is cut off", '{"flag":', "The body is not valid JSON: it ends too early."],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "The body is not valid UTF-8."],
    ["a surrogate as UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), "The body is not valid UTF-8."],
  ])("refuses %s", async (_, body, detail) => {
    const reply = await post("/v1/decide", body);
    expectProblem(reply, 400, "invalid_request");
    expect(reply.json).toMatchObject({ detail });
  });

  it.each([
    ["another media type", { "content-type": "text/plain" }],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
    ["another character set", { "content-type": "application/json; charset=iso-8859-1" }],
    ["compression", { "content-encoding": "gzip" }],
  ])("refuses %s", async (_, headers) => {
    expectProblem(await post("/v1/decide", JSON.stringify(minimal), headers), 415, "unsupported_media_type");
  });

  it("takes the usual ways to say that a body is JSON in UTF-8", async () => {
    const headers = { "content-type": "application/json; charset=UTF-8", "content-encoding": "identity" };
    expect((await post("/v1/decide", JSON.stringify(minimal), headers)).status).toBe(200);
  });

  it("never repeats a value of the caller in a problem", async () => {
    const secret = "s3cret-value";
    const reply = await decide({ flag: [secret], subject_id: { secret }, attributes: secret, peek: secret });
    expectProblem(reply, 400, "invalid_request");
    expect(reply.text).not.toContain(secret);
    expect(JSON.stringify(logger.lines)).not.toContain(secret);
  });

  it("asks to try again when a decision cannot be recorded", async () => {
    const error = new LottyError("decision_store_unavailable", "pool of db.internal is exhausted");
    decider.before = () => Promise.reject(error);
    const reply = await decide(minimal);
    expectProblem(reply, 503, "decision_store_unavailable");
    expect(reply.headers.get("retry-after")).toBe("1");
    expect(reply.text).not.toContain("db.internal");
    expect(logger.lines).toContainEqual({
      level: "warn",
      event: "http_request",
      fields: fieldsWith({ status: 503, route: "/v1/decide", error }),
    });
  });

  it("answers a defect with 500, logs it as an error, and lives on", async () => {
    decider.before = () => {
      throw new TypeError("undefined is not a function");
    };
    const reply = await decide(minimal);
    expectProblem(reply, 500, "internal");
    expect(reply.text).not.toContain("function");
    expect(logger.lines.filter(({ level }) => level === "error")).toHaveLength(1);
    decider.before = () => {};
    expect((await decide(minimal)).status).toBe(200);
  });
});

describe("POST /v1/explain", () => {
  it("answers the gates with clauses as text and values as they were", async () => {
    const body = { ...minimal, attributes: { weird: ["ä", null] } };
    const reply = await post("/v1/explain", JSON.stringify(body));
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      flag: "checkout",
      subject_id: "user-1",
      at: "2026-03-01T12:00:00Z",
      reason: "targeting_mismatch",
      gates: [
        { gate: "flag", verdict: "passed", flag_key: "checkout" },
        { gate: "targeting", clauses: [{ text: "<exists>", actual: { weird: ["ä", null] }, result: "false" }] },
      ],
    });
    expect(decider.asked[0]?.method).toBe("explainForFlag");
  });

  it("refuses what it does not take", async () => {
    expectProblem(await post("/v1/explain", JSON.stringify({ ...minimal, peek: true })), 400, "invalid_request");
    expectProblem(await post("/v1/explain", "{"), 400, "invalid_request");
    expectProblem(await post("/v1/explain", "{}", { "content-type": "text/plain" }), 415, "unsupported_media_type");
  });
});

describe("operations routes", () => {
  it("answers /livez whatever else is the matter", async () => {
    health.stopping();
    expect(await send("/livez")).toMatchObject({ status: 200, json: { status: "alive" } });
  });

  it("answers /readyz by the state of the process", async () => {
    expect(await send("/readyz")).toMatchObject({ status: 200, json: { status: "ready" } });
    health.stopping();
    expect(await send("/readyz")).toMatchObject({ status: 503, json: { status: "stopping" } });
  });

  it("answers /metrics with every reason from the start", async () => {
    const { status, text } = await send("/metrics");
    expect(status).toBe(200);
    for (const reason of ["flag_not_found", "targeting_mismatch", "experiment_assigned"]) {
      expect(text).toContain(`lotty_decide_requests_total{reason="${reason}"} 0`);
    }
  });

  it("answers a defect in them with a problem", async () => {
    const broken = await serveForTest({ decider, logger, operations: () => Promise.reject(new TypeError("s3cret")) });
    const response = await fetch(`${broken.url}/metrics`, { headers: { "x-request-id": "trace-1" } });
    expect(response.status).toBe(500);
    expect(response.headers.get("x-request-id")).toBe("trace-1");
    expect(await response.text()).toMatch(/"code":"internal".*"request_id":"trace-1"/);
    expect(logger.events).toContain("http_request_failed");
    await broken.close(0);
  });

  it("answers HEAD like GET without a body", async () => {
    const reply = await send("/readyz", { method: "HEAD" });
    expect(reply).toMatchObject({ status: 200, text: "" });
    expect(Number(reply.headers.get("content-length"))).toBeGreaterThan(0);
  });
});

describe("paths and methods", () => {
  it.each(["/", "/v1", "/v1/decide/", "/V1/decide", "/v1//decide", "/v1/decide%2e", "/v2/decide", "/%", "/%00"])(
    "answers %s with 404",
    async (path) => {
      expectProblem(await send(path, { method: "POST", body: "{}", headers: JSON_TYPE }), 404, "not_found");
    },
  );

  it("takes a query and ignores it", async () => {
    expect((await post("/v1/decide?flag=other", JSON.stringify(minimal))).status).toBe(200);
  });

  it.each([
    ["GET", "/v1/decide", "POST, OPTIONS"],
    ["PUT", "/v1/decide", "POST, OPTIONS"],
    ["DELETE", "/v1/explain", "POST, OPTIONS"],
    ["POST", "/livez", "GET, HEAD, OPTIONS"],
    ["POST", "/metrics", "GET, HEAD, OPTIONS"],
  ])("answers %s %s with 405 and the methods it has", async (method, path, allow) => {
    const reply = await send(path, { method });
    expectProblem(reply, 405, "method_not_allowed");
    expect(reply.headers.get("allow")).toBe(allow);
  });

  it("answers HEAD on a path without GET with 405 and no body", async () => {
    const reply = await send("/v1/decide", { method: "HEAD" });
    expect(reply.status).toBe(405);
    expect(reply.text).toBe("");
  });

  it.each(["/v1/decide", "/readyz"])("answers OPTIONS %s without opening it to other origins", async (path) => {
    const reply = await send(path, { method: "OPTIONS", headers: { origin: "https://example.com" } });
    expect(reply.status).toBe(204);
    expect(reply.headers.get("allow")).toContain("OPTIONS");
    expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });
});

describe("headers", () => {
  it("returns a sane request id on every route, and an own one otherwise", async () => {
    for (const path of ["/v1/decide", "/livez", "/nowhere"]) {
      const kept = await send(path, { headers: { "x-request-id": "trace-1" } });
      expect(kept.headers.get("x-request-id")).toBe("trace-1");
      const replaced = await send(path, { headers: { "x-request-id": "not sane!" } });
      expect(replaced.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("announces nothing about itself and forbids guessing and keeping on every route", async () => {
    const replies = [await decide(minimal), await send("/livez"), await send("/nowhere"), await send("/v1/decide")];
    for (const { headers } of replies) {
      expect(headers.get("x-powered-by")).toBeNull();
      expect(headers.get("server")).toBeNull();
      expect(headers.get("etag")).toBeNull();
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("access log", () => {
  it("keeps good requests to debug and names the caller's faults at info", async () => {
    await decide(minimal);
    await send("/nowhere/s3cret?token=s3cret");
    expect(logger.lines).toEqual([
      {
        level: "debug",
        event: "http_request",
        fields: {
          request_id: ANY_TEXT,
          method: "POST",
          route: "/v1/decide",
          status: 200,
          millis: ANY_NUMBER,
        },
      },
      { level: "info", event: "http_request", fields: fieldsWith({ route: "no route", status: 404 }) },
    ]);
    expect(JSON.stringify(logger.lines)).not.toContain("s3cret");
  });
});

import { gzipSync } from "node:zlib";
import { LottyError } from "@lotty/domain";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serveControl, type ServedControl } from "../../testing/serve-control.ts";

let served: ServedControl;
let authorization: string;
beforeAll(async () => {
  served = await serveControl();
  authorization = `Bearer ${await served.key("experimenter")}`;
});
afterAll(() => served.close(0));
beforeEach(() => served.eventStore.failWritesWith(undefined));

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(`${served.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

function manage(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  return ask(path, {
    method,
    headers: { authorization, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function send(...events: readonly unknown[]): Promise<Answered> {
  return ask("/v1/events", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
}

let count = 0;
function event(fields: Record<string, unknown> = {}): Record<string, unknown> {
  count += 1;
  return {
    event_id: `e${count}`,
    event_type: "purchase",
    subject_id: "ada",
    timestamp: new Date().toISOString(),
    ...fields,
  };
}

describe("event types", () => {
  it("are made, looked up, changed and archived", async () => {
    const schema = { type: "object", properties: { total: { type: "number" } } };
    const made = await manage("POST", "/v1/event-types", { key: "purchase", schema, description: "Paid" });
    expect(made).toMatchObject({
      status: 201,
      body: { key: "purchase", schema, requires_exposure: false, version: 1 },
    });
    expect(made.headers.get("location")).toBe("/v1/event-types/purchase");
    const found = await ask("/v1/event-types/purchase");
    expect(found.body).toEqual(made.body);
    const tag = found.headers.get("etag") ?? "";
    const change = { requires_exposure: true };
    expect(await manage("PATCH", "/v1/event-types/purchase", change, { "if-match": tag })).toMatchObject({
      status: 200,
      body: { description: "Paid", requires_exposure: true, version: 2 },
    });
    expect(await manage("PATCH", "/v1/event-types/purchase", change, { "if-match": tag })).toMatchObject({
      status: 412,
    });
    await manage("POST", "/v1/event-types", { key: "old / new" });
    const archived = await manage(
      "PATCH",
      "/v1/event-types/old%20%2F%20new",
      { archived: true },
      { "if-match": '"1"' },
    );
    expect(archived).toMatchObject({ status: 200, body: { key: "old / new", archived_at: expect.any(String) } });
    const { body } = await ask("/v1/event-types");
    expect(body).toMatchObject({
      event_types: [{ key: "exposure", built_in: true }, { key: "old / new" }, { key: "purchase", built_in: false }],
    });
  });

  it("are refused with a schema that cannot be used, or the key of another", async () => {
    expect(await manage("POST", "/v1/event-types", { key: "x", schema: { type: 3 } })).toMatchObject({ status: 422 });
    expect(await manage("POST", "/v1/event-types", { key: "exposure" })).toMatchObject({ status: 409 });
    expect(await ask("/v1/event-types/none")).toMatchObject({ status: 404 });
  });
});

describe("sending events", () => {
  it("tells of each what became of it, and keeps what is fine", async () => {
    const first = event({ value: 3, properties: { total: 3 } });
    const answer = await send(
      first,
      event({ properties: { total: "3" } }),
      { ...first, value: 4 },
      event({ event_type: "old / new" }),
      event({ event_type: "exposure", decision_id: "01a203d3-6d24-759b-8ca4-550d45d0a6cd" }),
      { event_id: 3 },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: {
        durability: "committed",
        accepted: 2,
        duplicates: 1,
        rejected: 3,
        results: [
          { event_id: first["event_id"], status: "accepted", durability: "committed" },
          { status: "rejected", code: "invalid_properties", reason: "The value at /total must be number." },
          { event_id: first["event_id"], status: "duplicate", conflict: true },
          { status: "rejected", code: "archived_event_type" },
          { status: "accepted", pending: true },
          { event_id: null, status: "rejected", code: "invalid_event" },
        ],
      },
    });
  });

  it("knows a new event type at once", async () => {
    expect((await send(event({ event_type: "refund" }))).body).toMatchObject({ durability: "none", rejected: 1 });
    await manage("POST", "/v1/event-types", { key: "refund" });
    expect((await send(event({ event_type: "refund" }))).body).toMatchObject({ durability: "committed", accepted: 1 });
  });

  it("takes batches that are packed, up to the same size when they are unpacked", async () => {
    const packed = (value: unknown): RequestInit => ({
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify(value)),
    });
    expect(await ask("/v1/events", packed({ events: [event()] }))).toMatchObject({
      status: 200,
      body: { accepted: 1 },
    });
    const bomb = { events: [event({ properties: { note: "x".repeat(5_000_000) } })] };
    expect(await ask("/v1/events", packed(bomb))).toMatchObject({ status: 413 });
    expect(await ask("/v1/events", { ...packed(0), body: "plain" })).toMatchObject({ status: 400 });
    expect(await ask("/v1/decide", packed({ flag: "x", subject_id: "y" }))).toMatchObject({ status: 415 });
  });

  it("refuses what is no batch", async () => {
    expect(await send()).toMatchObject({ status: 400 });
    expect(await send(...Array.from({ length: 1_001 }, () => event()))).toMatchObject({ status: 400 });
  });

  it("takes a thousand at once", async () => {
    const events = Array.from({ length: 1_000 }, () => event());
    expect((await send(...events)).body).toMatchObject({ accepted: 1_000, rejected: 0 });
  });

  it.each([
    ["overloaded", 429],
    ["database_unavailable", 503],
  ] as const)("says when to come again while events cannot be kept: %s", async (code, status) => {
    served.eventStore.failWritesWith(new LottyError(code, "not now"));
    const answer = await send(event());
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.get("retry-after")).toMatch(/^[12]$/);
  });
});

describe("the events of a subject", () => {
  it("are listed latest first, page by page", async () => {
    const at = (minute: number): string => new Date(Date.now() - minute * 60_000).toISOString();
    const ofEve = (minute: number): Record<string, unknown> => event({ subject_id: "eve", timestamp: at(minute) });
    const [a, b, c] = [ofEve(3), ofEve(2), ofEve(1)] as const;
    await send(b, a, c);
    const page = await ask("/v1/events?subject_id=eve&limit=2");
    expect(page.body).toMatchObject({ events: [{ event_id: c["event_id"] }, { event_id: b["event_id"] }] });
    const cursor = String((page.body as Record<string, unknown>)["next_cursor"]);
    expect((await ask(`/v1/events?subject_id=eve&limit=2&cursor=${encodeURIComponent(cursor)}`)).body).toMatchObject({
      events: [{ event_id: a["event_id"], occurred_at: a["timestamp"], properties: {} }],
      next_cursor: null,
    });
    expect((await ask("/v1/events?subject_id=eve&event_type=refund")).body).toMatchObject({ events: [] });
    expect(await ask("/v1/events")).toMatchObject({ status: 400 });
  });
});

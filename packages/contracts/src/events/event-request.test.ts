import { describe, expect, it } from "vitest";
import { eventCursor, readEventsQuery } from "./event-query.ts";
import { readEvent, readEventBatch } from "./event-request.ts";

const EVENT = { event_id: "e1", event_type: "purchase", subject_id: "ada", timestamp: "2026-05-01T12:00:00.5Z" };

describe("a batch of events", () => {
  it("has from 1 to 1,000 elements, whatever they are", () => {
    expect(readEventBatch({ events: [null, 3, EVENT] })).toMatchObject({ ok: true });
    for (const events of [[], Array.from({ length: 1_001 }, () => EVENT), undefined, {}]) {
      expect(readEventBatch({ events })).toMatchObject({ ok: false, faults: [{ path: "/events" }] });
    }
    expect(readEventBatch([EVENT])).toMatchObject({ ok: false });
  });
});

describe("an event", () => {
  it("is read with what it leaves out", () => {
    expect(readEvent(EVENT)).toStrictEqual({
      eventId: "e1",
      eventType: "purchase",
      subjectId: "ada",
      decisionId: null,
      timestamp: Date.UTC(2026, 4, 1, 12) * 1_000 + 500_000,
      properties: {},
      value: null,
    });
  });

  it("keeps properties and value as they are, and its decision in lower case", () => {
    const properties: unknown = JSON.parse('{"__proto__": {"a": [null, 1e308]}}');
    const decision_id = "01A203D3-6D24-759B-8CA4-550D45D0A6CD";
    const read = readEvent({ ...EVENT, properties, value: -0.5, decision_id });
    expect(read).toMatchObject({ value: -0.5, decisionId: decision_id.toLowerCase() });
    expect("properties" in read && read.properties).toBe(properties);
  });

  it.each<[string, Record<string, unknown>]>([
    ["/event_id must not be empty.", { event_id: "" }],
    ["/event_id must have at most 256 bytes of UTF-8.", { event_id: "x".repeat(257) }],
    ["/event_type is required.", { event_type: undefined }],
    ["/subject_id must not contain the character U+0000.", { subject_id: "a\0" }],
    ["/decision_id must be a UUID.", { decision_id: "d1" }],
    ["/timestamp must be a time such as 2026-05-01T12:00:00Z.", { timestamp: "2026-02-30T12:00:00Z" }],
    ["/timestamp must be a time such as 2026-05-01T12:00:00Z.", { timestamp: "2026-05-01" }],
    ["/properties must be an object.", { properties: [] }],
    [
      "/properties must not contain the character U+0000 or half of a surrogate pair.",
      { properties: { a: ["\ud800"] } },
    ],
    ["/value must be a number.", { value: "3" }],
    ["/value must be a number.", { value: Infinity }],
    ["/colour is not a field of this request.", { colour: "green" }],
  ])("is none when %s", (reason, fields) => {
    expect(readEvent({ ...EVENT, ...fields })).toStrictEqual({ status: "rejected", code: "invalid_event", reason });
  });

  it.each([null, 3, "x", []])("is none when it is %j", (sent) => {
    expect(readEvent(sent)).toMatchObject({ reason: "It must be an object." });
  });
});

describe("the cursor of a page of events", () => {
  it("leads back to its place, whatever the id", () => {
    for (const eventId of ["e1", "a_b", "ü\n", "%41"]) {
      const cursor = eventCursor({ occurredAt: 1_790_000_000_000_001, eventId });
      const read = readEventsQuery(new URLSearchParams({ subject_id: "ada", cursor }));
      expect(read).toMatchObject({ ok: true, request: { cursor: { occurredAt: 1_790_000_000_000_001, eventId } } });
    }
  });

  it("is not made up", () => {
    for (const cursor of ["e1_", "e1_x_y", "d1_00", "e1_1_%"]) {
      expect(readEventsQuery(new URLSearchParams({ subject_id: "ada", cursor }))).toMatchObject({ ok: false });
    }
  });
});

import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { ValueSchemas } from "@lotty/value-schemas";
import { describe, expect, it } from "vitest";
import { checkEvent, type CheckedEvent } from "./check-event.ts";
import type { EventDraft } from "./event-draft.ts";
import { draft, eventType, RECEIVED } from "./testing/event-fixture.ts";

const schema = { type: "object", properties: { total: { type: "number" } }, required: ["total"] };
const types = [
  eventType(),
  eventType({ key: "order", schema }),
  eventType({ key: "old", archivedAt: RECEIVED, schema }),
];

function check(fields: Partial<EventDraft>): CheckedEvent {
  return checkEvent(draft(fields), {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    receivedAt: RECEIVED,
    types: new Map(types.map((type) => [type.key, type])),
    schemas: new ValueSchemas(),
    times: { maxAheadSeconds: 300, maxAgeDays: 30 },
  });
}

describe("an event", () => {
  it("is taken as it is, with the times that are believed", () => {
    const { timestamp: _, ...event } = draft({ value: 3, properties: { a: 1 } });
    expect(check({ value: 3, properties: { a: 1 }, timestamp: RECEIVED + 1 })).toStrictEqual({
      status: "fine",
      event: { ...event, environmentId: DEFAULT_ENVIRONMENT_ID, receivedAt: RECEIVED, occurredAt: RECEIVED },
    });
  });

  it("is of a type that there is and that is taken", () => {
    expect(check({ eventType: "constructor" })).toMatchObject({ code: "unknown_event_type" });
    expect(check({ eventType: "old", properties: { total: 1 } })).toMatchObject({ code: "archived_event_type" });
  });

  it("has the properties that the schema of its type asks for", () => {
    expect(check({ eventType: "order", properties: { total: 1 } })).toMatchObject({ status: "fine" });
    expect(check({ eventType: "order", properties: { total: "1" } })).toMatchObject({
      code: "invalid_properties",
      reason: "The value at /total must be number.",
    });
  });

  it("is no larger than a value may be, whatever its type", () => {
    expect(check({ properties: { note: "x".repeat(70_000) } })).toMatchObject({ code: "invalid_properties" });
    expect(check({ eventType: "exposure", decisionId: "d", properties: { note: "x".repeat(70_000) } })).toMatchObject({
      code: "invalid_properties",
    });
  });

  it("names its decision when it is an exposure, whose type is always there", () => {
    expect(check({ eventType: "exposure" })).toMatchObject({ code: "decision_required" });
    expect(check({ eventType: "exposure", decisionId: "d" })).toMatchObject({ status: "fine" });
  });
});

import { type EventRecord } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEvent, encodeEvent } from "./event-codec.ts";

const events = fc.record<EventRecord>({
  environmentId: fc.uuid(),
  eventId: fc.string({ unit: "grapheme", minLength: 1 }),
  eventType: fc.string({ unit: "grapheme" }),
  subjectId: fc.string({ unit: "grapheme", minLength: 1 }),
  decisionId: fc.option(fc.uuid()),
  occurredAt: fc.maxSafeInteger(),
  receivedAt: fc.maxSafeInteger(),
  value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  properties: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<EventRecord["properties"]>,
});

describe("an event as text", () => {
  it("comes back as it was, from one line", () => {
    fc.assert(
      fc.property(events, (event) => {
        const text = encodeEvent(event);
        expect(text).not.toContain("\n");
        expect(decodeEvent(text)).toEqual(JSON.parse(JSON.stringify(event)));
      }),
    );
  });

  it("is refused with a reason when it is something else", () => {
    expect(decodeEvent("nonsense")).toEqual({ malformed: "the payload is not a JSON array" });
    expect(decodeEvent("[1]")).toEqual({ malformed: "the payload has 1 fields instead of 9" });
    const good = ["env", "e", "t", "s", null, 1, 2, null, {}];
    for (const [index, bad] of [0, 0, 0, 0, 0, 1.5, "2", "3", []].entries()) {
      expect(decodeEvent(JSON.stringify(good.with(index, bad as never)))).toMatchObject({
        malformed: expect.stringContaining("the payload has a wrong "),
      });
    }
    expect(decodeEvent(JSON.stringify(good))).toMatchObject({ eventId: "e" });
  });
});

import { DEFAULT_ENVIRONMENT_ID, type EventRecord } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attribution, firstExposures, type AttributionRule, type Exposure } from "./attribution.ts";
import { draft } from "./testing/event-fixture.ts";

const exposures = fc.array(
  fc.record({
    experimentId: fc.constantFrom("x1", "x2"),
    subjectId: fc.constantFrom("s1", "s2", "s3"),
    variantId: fc.constantFrom("a", "a", "a", "b"),
    occurredAt: fc.integer({ min: 0, max: 3 }),
    eventId: fc.constantFrom("e1", "e2", "\uffff", "\u{1f600}"),
  }),
);

function sorted(first: ReturnType<typeof firstExposures>): readonly string[] {
  return first.map((each) => JSON.stringify(each, Object.keys(each).sort())).sort();
}

describe("first exposures", () => {
  it("are the same whatever the order, and however often each is given", () => {
    const shuffled = exposures.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given, ...given], { minLength: 2 * given.length })),
    );
    fc.assert(
      fc.property(shuffled, ([given, others]) => {
        // Of exposures that only differ in the variant any may be taken: an id is used once.
        const once = <T extends Exposure>(some: readonly T[]): readonly T[] => [
          ...new Map(some.toSorted(byVariant).map((each) => [keyOf(each), each])).values(),
        ];
        const kept = new Set(once(given));
        expect(sorted(firstExposures(others.filter((each) => kept.has(each))))).toStrictEqual(
          sorted(firstExposures(kept)),
        );
      }),
    );
  });

  it("compare ids as the database does, code point by code point", () => {
    const at = (eventId: string): Exposure => ({
      experimentId: "x",
      subjectId: "s",
      variantId: "a",
      occurredAt: 0,
      eventId,
    });
    expect(firstExposures([at("\u{1f600}"), at("\uffff")])).toMatchObject([{ eventId: "\uffff" }]);
  });
});

function byVariant(a: Exposure, b: Exposure): number {
  return a.variantId < b.variantId ? -1 : 1;
}

function keyOf({ eventId, experimentId, occurredAt, subjectId }: Exposure): string {
  return [experimentId, subjectId, occurredAt, eventId].join(" ");
}

function event(occurredAt: number): EventRecord {
  const { timestamp, ...rest } = draft();
  return { ...rest, environmentId: DEFAULT_ENVIRONMENT_ID, occurredAt, receivedAt: timestamp };
}

const rule: AttributionRule = { population: "exposed", selects: () => true, requiresExposure: false, from: 0, to: 10 };
const exposure = { experimentId: "x", subjectId: "s", variantId: "a", occurredAt: 100, eventId: "e", several: false };

describe("an event", () => {
  it("counts from the exposure on until the window ends", () => {
    const at = (occurredAt: number): string => attribution(event(occurredAt), { exposure, assignedAt: 50 }, rule);
    expect([99, 100, 109, 110].map(at)).toStrictEqual(["before_exposure", "counted", "counted", "after_window"]);
  });

  it("counts from the assignment on where all that were assigned do", () => {
    const assigned = { ...rule, population: "assigned" } as const;
    const at = (occurredAt: number): string =>
      attribution(event(occurredAt), { exposure: null, assignedAt: 50 }, assigned);
    expect([49, 50, 59, 60].map(at)).toStrictEqual(["before_exposure", "counted", "counted", "after_window"]);
  });

  it("waits for the exposure when it needs one, and counts only after it", () => {
    const needing = { ...rule, population: "assigned", requiresExposure: true, to: 100 } as const;
    const part = { exposure: null, assignedAt: 50 };
    expect(attribution(event(105), part, needing)).toBe("awaiting_exposure");
    expect(attribution(event(105), { ...part, exposure }, needing)).toBe("counted");
    expect(attribution(event(95), { ...part, exposure }, needing)).toBe("before_exposure");
  });

  it("waits where nobody was exposed or assigned", () => {
    expect(attribution(event(1), { exposure: null, assignedAt: 0 }, rule)).toBe("awaiting_exposure");
    expect(attribution(event(1), { exposure, assignedAt: null }, { ...rule, population: "assigned" })).toBe(
      "awaiting_exposure",
    );
  });

  it("counts for nobody who met several variants, and for no metric that does not look at it", () => {
    const several = { exposure: { ...exposure, several: true }, assignedAt: 50 };
    expect(attribution(event(105), several, rule)).toBe("several_variants");
    expect(attribution(event(105), several, { ...rule, selects: () => false })).toBe("filtered_out");
  });

  it("counts later where the window begins later, as retention does", () => {
    const retention = { ...rule, from: 5 };
    const at = (occurredAt: number): string => attribution(event(occurredAt), { exposure, assignedAt: 50 }, retention);
    expect([104, 105, 109, 110].map(at)).toStrictEqual(["before_exposure", "counted", "counted", "after_window"]);
  });
});

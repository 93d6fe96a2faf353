import {
  MICROS_PER_DAY,
  type JsonObject,
  type MeasuredEvent,
  type MetricDefinition,
  type SubjectMeasure,
} from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMeter } from "./create-meter.ts";
import { PURCHASES, sampleDefinition } from "./testing/sample-definition.ts";

const HOUR = MICROS_PER_DAY / 24;
const EXPOSED = 1_750_000_000_000_000;

/** A purchase some microseconds after the exposure. */
function purchase(after: number, value: number | null = null, properties: JsonObject = {}): MeasuredEvent {
  return { eventType: "purchase", occurredAt: EXPOSED + after, value, properties };
}

function view(after: number): MeasuredEvent {
  return { eventType: "view", occurredAt: EXPOSED + after, value: null, properties: {} };
}

function measure(fields: Partial<MetricDefinition>, events: readonly MeasuredEvent[]): SubjectMeasure {
  const subject = createMeter(sampleDefinition(fields)).subject(EXPOSED);
  for (const event of events) subject.take(event);
  return subject.measure();
}

describe("the window of a metric", () => {
  it("holds the instant of the exposure and not its own end", () => {
    const at = (after: number): number | null => measure({ windowHours: 2 }, [purchase(after)]).value;
    expect([-1, 0, 2 * HOUR - 1, 2 * HOUR].map(at)).toStrictEqual([0, 1, 1, 0]);
  });

  it("begins some days later for retention", () => {
    const at = (after: number): number | null =>
      measure({ kind: "retention", windowHours: 72, retentionFromDays: 1 }, [purchase(after)]).value;
    expect([0, 24 * HOUR - 1, 24 * HOUR, 72 * HOUR - 1, 72 * HOUR].map(at)).toStrictEqual([0, 0, 1, 1, 0]);
  });

  it("has a pre-period before it that ends right before the exposure", () => {
    const at = (after: number): number | null =>
      measure({ kind: "sum", covariateDays: 1 }, [purchase(after, 5)]).covariate;
    expect([-24 * HOUR - 1, -24 * HOUR, -1, 0].map(at)).toStrictEqual([0, 5, 5, 0]);
  });

  it("tells how far events matter", () => {
    expect(createMeter(sampleDefinition({ windowHours: 48, covariateDays: 7 }))).toMatchObject({
      microsBefore: 7 * MICROS_PER_DAY,
      microsAfter: 2 * MICROS_PER_DAY,
    });
  });
});

describe("the kinds of metrics", () => {
  const events = [purchase(1, 2), purchase(2, 3), purchase(3), view(4), purchase(-1, 7)];

  it.each([
    ["conversion", 1, 3],
    ["count", 3, 3],
    ["sum", 5, 2],
    ["mean", 2.5, 2],
    ["quantile", 2.5, 2],
  ] as const)("measure a %s", (kind, value, counted) => {
    const quantile = kind === "quantile" ? 0.9 : null;
    expect(measure({ kind, quantile }, events)).toMatchObject({
      value,
      denominator: 1,
      covariate: null,
      events: counted,
    });
  });

  it("give 0 where nothing happened, but no mean and no quantile", () => {
    const none = (kind: MetricDefinition["kind"]): number | null => measure({ kind }, [view(1)]).value;
    expect((["conversion", "count", "sum", "retention"] as const).map(none)).toStrictEqual([0, 0, 0, 0]);
    expect((["mean", "quantile"] as const).map(none)).toStrictEqual([null, null]);
  });

  it("give both sides of a ratio, of values or of events", () => {
    const ratio = { kind: "ratio", denominator: { ...PURCHASES, eventType: "view" }, covariateDays: 1 } as const;
    expect(measure({ ...ratio, countsEvents: true }, [...events, view(-5)])).toMatchObject({
      value: 3,
      denominator: 1,
      covariate: 1,
      covariateDenominator: 1,
      events: 4,
    });
    const values = { ...ratio, denominator: { ...PURCHASES, valueProperty: "items" } };
    expect(measure(values, [purchase(1, 9, { items: 4 }), purchase(2, 1, { items: 2 })])).toMatchObject({
      value: 10,
      denominator: 6,
    });
  });

  it("give all values of a quantile", () => {
    expect(measure({ kind: "quantile", quantile: 0.5 }, events).values).toStrictEqual([2, 3]);
  });

  it("leave zeros out when told to, of ratios those without a denominator", () => {
    expect(measure({ kind: "sum", dropsZeros: true }, [purchase(1, 0)])).toMatchObject({ value: null, events: 1 });
    const ratio = {
      kind: "ratio",
      dropsZeros: true,
      denominator: { ...PURCHASES, eventType: "view" },
      countsEvents: true,
    } as const;
    expect(measure(ratio, [view(1)])).toMatchObject({ value: 0, denominator: 1 });
    expect(measure(ratio, [purchase(1)])).toMatchObject({ value: null, denominator: 0 });
  });
});

describe("the filter of a metric", () => {
  const numerator = { ...PURCHASES, filter: 'country IN ["NO", "SE"] AND amount >= 10', valueProperty: "amount" };

  it("takes events by their properties, and says when it passed some over", () => {
    const taken = [
      purchase(1, null, { country: "NO", amount: 10 }),
      purchase(2, null, { country: "SE", amount: 11.5 }),
    ];
    const passedOver = [purchase(3, 99, { country: "DK", amount: 10 }), purchase(4, 99, { country: "NO" })];
    expect(measure({ kind: "sum", numerator }, taken)).toMatchObject({ value: 21.5, events: 2, filteredOut: false });
    expect(measure({ kind: "sum", numerator }, passedOver)).toMatchObject({ value: 0, events: 0, filteredOut: true });
  });

  it("takes nothing where it cannot be evaluated", () => {
    expect(measure({ numerator }, [purchase(1, null, { country: "NO", amount: "ten" })]).value).toBe(0);
  });

  it("reads numbers of a property that is the event's own, and no others", () => {
    const sum = (property: string, properties: JsonObject): number | null =>
      measure({ kind: "sum", numerator: { ...PURCHASES, valueProperty: property } }, [purchase(1, 5, properties)])
        .value;
    expect(sum("amount", { amount: 7 })).toBe(7);
    expect([{ amount: "7" }, { amount: null }, { amount: 1e101 }, {}].map((each) => sum("amount", each))).toStrictEqual(
      [0, 0, 0, 0],
    );
    expect(sum("length", {})).toBe(0);
  });

  it("says whose properties are read", () => {
    const reads = (fields: Partial<MetricDefinition>): readonly string[] =>
      createMeter(sampleDefinition(fields)).readsPropertiesOf;
    expect(reads({})).toStrictEqual([]);
    expect(reads({ numerator })).toStrictEqual(["purchase"]);
    expect(reads({ numerator: { ...PURCHASES, valueProperty: "amount" } })).toStrictEqual([]);
    expect(reads({ kind: "sum", numerator: { ...PURCHASES, valueProperty: "amount" } })).toStrictEqual(["purchase"]);
  });

  it("is refused when it is no rule", () => {
    expect(() => createMeter(sampleDefinition({ numerator: { ...PURCHASES, filter: "country IN" } }))).toThrow(
      /no rule/,
    );
  });
});

describe("a measure", () => {
  const event = fc.record({
    after: fc.integer({ min: -3 * 24 * HOUR, max: 3 * 24 * HOUR }),
    value: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  });

  it("does not depend on the order in which events are taken", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.integer(), (events, seed) => {
        const given = events.map(({ after, value }) => purchase(after, value));
        const shuffled = given.toSorted(
          (a, b) => ((a.occurredAt * 31 + seed) % 97) - ((b.occurredAt * 31 + seed) % 97),
        );
        for (const kind of ["sum", "count", "mean", "conversion"] as const) {
          const [one, other] = [given, shuffled].map((each) => measure({ kind, covariateDays: 2 }, each));
          const scale = Math.max(1, ...events.map(({ value }) => Math.abs(value)));
          expect(Math.abs((one?.value ?? 0) - (other?.value ?? 0))).toBeLessThanOrEqual(1e-12 * scale);
          expect(one?.events).toBe(other?.events);
          expect(Math.abs((one?.covariate ?? 0) - (other?.covariate ?? 0))).toBeLessThanOrEqual(1e-12 * scale);
        }
      }),
    );
  });

  it("keeps the digits of small values beside large ones that cancel out", () => {
    expect(measure({ kind: "sum" }, [purchase(1, 1e17), purchase(2, 1.5), purchase(3, -1e17)]).value).toBe(1.5);
  });
});

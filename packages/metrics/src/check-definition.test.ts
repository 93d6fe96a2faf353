import type { MetricDefinition } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { definitionFaults } from "./check-definition.ts";
import { createMeter } from "./create-meter.ts";
import { PURCHASES, sampleDefinition } from "./testing/sample-definition.ts";

const fieldsOf = (fields: Partial<MetricDefinition>): readonly string[] =>
  definitionFaults(sampleDefinition(fields)).map(({ field }) => field);

const SOUND: readonly Partial<MetricDefinition>[] = [
  {},
  { kind: "count", winsorizing: { lower: null, upper: 0.999, ignoreZeros: true } },
  { kind: "sum", covariateDays: 14, practicalThreshold: 0.01, dropsZeros: true },
  { kind: "ratio", denominator: { ...PURCHASES, filter: 'country == "NO"' }, countsEvents: true },
  { kind: "quantile", quantile: 0.95 },
  { kind: "retention", windowHours: 192, retentionFromDays: 7 },
];

describe("a definition of a metric", () => {
  it.each(SOUND)("passes when it makes sense: %j", (fields) => {
    expect(fieldsOf(fields)).toStrictEqual([]);
    expect(() => createMeter(sampleDefinition(fields))).not.toThrow();
  });

  it.each([
    [{ numerator: { ...PURCHASES, eventType: " " } }, "numerator.event_type"],
    [{ numerator: { ...PURCHASES, filter: "country IN" } }, "numerator.filter"],
    [{ numerator: { ...PURCHASES, filter: "IN SEGMENT vip" } }, "numerator.filter"],
    [{ numerator: { ...PURCHASES, valueProperty: "" } }, "numerator.value_property"],
    [{ kind: "ratio" }, "denominator"],
    [{ denominator: PURCHASES }, "denominator"],
    [{ countsEvents: true }, "counts_events"],
    [{ kind: "quantile" }, "quantile"],
    [{ kind: "quantile", quantile: 1 }, "quantile"],
    [{ quantile: 0.5 }, "quantile"],
    [{ kind: "quantile", quantile: 0.5, covariateDays: 7 }, "covariate_days"],
    [{ retentionFromDays: 0.5, kind: "retention" }, "retention_from_days"],
    [{ retentionFromDays: 1, kind: "retention" }, "retention_from_days"],
    [{ windowHours: 0 }, "window_hours"],
    [{ windowHours: 1.5 }, "window_hours"],
    [{ windowHours: 100_000 }, "window_hours"],
    [{ covariateDays: -1 }, "covariate_days"],
    [{ dropsZeros: true }, "drops_zeros"],
    [{ winsorizing: { lower: 0, upper: 1, ignoreZeros: false } }, "winsorizing"],
    [{ kind: "sum", winsorizing: { lower: null, upper: null, ignoreZeros: false } }, "winsorizing"],
    [{ kind: "sum", winsorizing: { lower: 0.9, upper: 0.9, ignoreZeros: false } }, "winsorizing"],
    [{ practicalThreshold: 0 }, "practical_threshold"],
  ] as const satisfies readonly (readonly [Partial<MetricDefinition>, string])[])("is refused: %j", (fields, field) => {
    expect(fieldsOf(fields)).toContain(field);
  });
});

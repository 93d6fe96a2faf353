import type { EventSelection, MetricDefinition } from "@lotty/domain";

/** Purchases with all their values. */
export const PURCHASES: EventSelection = { eventType: "purchase", filter: null, valueProperty: null };

/** A conversion within a day, or what is said instead. */
export function sampleDefinition(fields: Partial<MetricDefinition> = {}): MetricDefinition {
  return {
    kind: "conversion",
    numerator: PURCHASES,
    denominator: null,
    countsEvents: false,
    windowHours: 24,
    retentionFromDays: 0,
    quantile: null,
    winsorizing: null,
    dropsZeros: false,
    higherIsBetter: true,
    covariateDays: 0,
    practicalThreshold: null,
    ...fields,
  };
}

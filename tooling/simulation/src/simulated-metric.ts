import type { Metric, MetricDefinition } from "@lotty/domain";

/** A sum of the values of events within a day, or what is said instead. Its id is its key. */
export function simulatedMetric(key: string, fields: Partial<MetricDefinition> = {}): Metric {
  return {
    id: key,
    environmentId: "00000000-0000-4000-8000-000000000000",
    key,
    name: key,
    description: null,
    owner: null,
    tags: [],
    definition: {
      kind: "sum",
      numerator: { eventType: key, filter: null, valueProperty: null },
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
    },
    version: 1,
    updatedAt: 0,
    archivedAt: null,
  };
}

import { DEFAULT_ENVIRONMENT_ID, type Metric, type MetricDefinition } from "@lotty/domain";

/** A metric with as little in it as there can be. */
export function sampleMetric(definition: Partial<MetricDefinition> = {}, fields: Partial<Metric> = {}): Metric {
  return {
    id: "00000000-0000-7000-8000-00000000aaaa",
    environmentId: DEFAULT_ENVIRONMENT_ID,
    key: "purchase",
    name: "Purchase",
    description: null,
    owner: null,
    tags: [],
    definition: {
      kind: "conversion",
      numerator: { eventType: "purchase", filter: null, valueProperty: null },
      denominator: null,
      countsEvents: false,
      windowHours: 1,
      retentionFromDays: 0,
      quantile: null,
      winsorizing: null,
      dropsZeros: false,
      higherIsBetter: true,
      covariateDays: 0,
      practicalThreshold: null,
      ...definition,
    },
    version: 1,
    updatedAt: 0,
    archivedAt: null,
    ...fields,
  };
}

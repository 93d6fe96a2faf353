import type { AnalysisPlan, EventType, Guardrail, Metric, RampPlan } from "@lotty/domain";

/** What is measured in an environment, and what watches its experiments, as it is stored. */
export interface StoredMeasures {
  readonly eventTypes: readonly EventType[];
  readonly metrics: readonly Metric[];
  readonly plans: readonly AnalysisPlan[];
  readonly guardrails: readonly Guardrail[];
  readonly ramps: readonly RampPlan[];
}

/** Nothing was ever measured. */
export const NOTHING_MEASURED: StoredMeasures = { eventTypes: [], metrics: [], plans: [], guardrails: [], ramps: [] };

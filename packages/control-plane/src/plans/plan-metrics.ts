import type { AnalysisPlan, PlannedMetric } from "@lotty/domain";

/** All metrics that a plan names, in its order. */
export function metricsOf({ guardrails, primary, secondary }: AnalysisPlan): readonly PlannedMetric[] {
  return [...primary, ...secondary, ...guardrails];
}

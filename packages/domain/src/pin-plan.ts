import type { AnalysisPlan, PlannedMetric } from "./analysis-plan.ts";
import type { Metric } from "./metric.ts";

/** The plan with each metric in the version that the catalogue has now. Metrics that it does not have stay as they are. */
export function pinPlan(plan: AnalysisPlan, catalogue: readonly Metric[]): AnalysisPlan {
  const versions = new Map(catalogue.map(({ id, version }) => [id, version]));
  const pin = <T extends PlannedMetric>(metric: T): T => ({
    ...metric,
    metricVersion: versions.get(metric.metricId) ?? metric.metricVersion,
  });
  return {
    ...plan,
    primary: plan.primary.map(pin),
    secondary: plan.secondary.map(pin),
    guardrails: plan.guardrails.map(pin),
  };
}

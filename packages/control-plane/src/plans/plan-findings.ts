import { unwatchable, type AnalysisPlan, type Metric } from "@lotty/domain";
import type { LaunchFinding } from "../experiments/launch-gate.ts";
import { metricsOf } from "./plan-metrics.ts";

/** A plan with the metrics that there are. */
export interface PlanSituation {
  /** `undefined` when the experiment has none. */
  readonly plan: AnalysisPlan | undefined;
  /** All metrics of the environment, archived ones too. Only read with a plan. */
  readonly metrics: readonly Metric[];
}

/** What an experiment without a sound plan cannot show. Nothing of it blocks: decisions do not depend on it. */
export function planFindings({ metrics, plan }: PlanSituation): readonly LaunchFinding[] {
  if (plan === undefined) {
    const message = "There is no analysis plan, so it is not said which metric decides, and nothing will be concluded.";
    return [{ code: "missing_analysis_plan", severity: "warns", field: "analysis_plan", message }];
  }
  const unwatched = plan.guardrails.flatMap(({ metricId }): readonly LaunchFinding[] => {
    const metric = metrics.find(({ id }) => id === metricId);
    const why = metric && unwatchable(metric.definition.kind);
    if (metric === undefined || why === undefined) return [];
    const message = `The plan's guardrail ${metric.key} will not be watched while the experiment runs. ${why}`;
    return [{ code: "unwatchable_guardrail", severity: "warns", field: "analysis_plan", message }];
  });
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const missing = metricsOf(plan).flatMap(({ metricId }): readonly LaunchFinding[] => {
    const metric = byId.get(metricId);
    if (metric === undefined) {
      const message = `The plan names a metric that does not exist: ${metricId}.`;
      return [{ code: "unknown_metric", severity: "warns", field: "analysis_plan", message }];
    }
    if (metric.archivedAt === null) return [];
    const message = `The plan names a metric that is archived: ${metric.key}.`;
    return [{ code: "archived_metric", severity: "warns", field: "analysis_plan", message }];
  });
  return [...missing, ...unwatched];
}

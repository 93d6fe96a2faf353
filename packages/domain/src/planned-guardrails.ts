import type { AnalysisPlan, PlannedGuardrail } from "./analysis-plan.ts";
import { GUARDRAIL_DEFAULTS, unwatchable } from "./guardrail-faults.ts";
import type { Guardrail } from "./guardrail.ts";
import type { Instant } from "./instant.ts";
import type { Metric } from "./metric.ts";

/** A plan whose guardrail metrics are to be watched. */
export interface PlanToWatch {
  readonly plan: AnalysisPlan;
  /** Those of the plan's guardrail metrics that nobody has decided about yet. */
  readonly planned: readonly PlannedGuardrail[];
  /** All metrics of the environment. */
  readonly metrics: readonly Metric[];
  /** The guardrails that the experiment has. */
  readonly watching: readonly Guardrail[];
  /** Makes the id of a guardrail on a metric. */
  readonly newId: (metricId: string) => string;
  readonly now: Instant;
}

/**
 * Guardrails for what a plan promises to guard: each of its guardrail metrics that no guardrail watches gets one that tells people when the
 * plan's margin is passed. It stops nothing, because nobody has asked for that. Metrics that cannot be watched, or that there are
 * not, are left out; the launch gate has said so.
 */
export function plannedGuardrails(given: PlanToWatch): readonly Guardrail[] {
  const { metrics, newId, now, plan, planned, watching } = given;
  const watched = new Set(watching.map(({ metricId }) => metricId));
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return planned.flatMap(({ margin, metricId, metricVersion }): readonly Guardrail[] => {
    const metric = byId.get(metricId);
    if (watched.has(metricId) || metric === undefined || unwatchable(metric.definition.kind) !== undefined) return [];
    return [
      {
        id: newId(metricId),
        experimentId: plan.experimentId,
        metricId,
        metricVersion,
        rule: {
          ...GUARDRAIL_DEFAULTS,
          margin,
          action: "notify",
          minimumSubjects: plan.minimumSubjects,
          tunedFor: plan.plannedSubjects ?? GUARDRAIL_DEFAULTS.tunedFor,
          population: plan.population,
        },
        armedAt: null,
        version: 1,
        updatedAt: now,
      },
    ];
  });
}

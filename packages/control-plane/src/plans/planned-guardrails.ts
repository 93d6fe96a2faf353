import {
  GUARDRAIL_DEFAULTS,
  unwatchable,
  type AnalysisPlan,
  type AuditDraft,
  type Guardrail,
  type IdSource,
  type Instant,
  type Metric,
  type PlannedGuardrail,
} from "@lotty/domain";

/** A plan whose guardrail metrics are to be watched. */
export interface PlanToWatch {
  readonly plan: AnalysisPlan;
  /** Those of the plan's guardrail metrics that nobody has decided about yet. */
  readonly planned: readonly PlannedGuardrail[];
  /** All metrics of the environment. */
  readonly metrics: readonly Metric[];
  /** The guardrails that the experiment has. */
  readonly watching: readonly Guardrail[];
  readonly ids: IdSource;
  readonly now: Instant;
}

/**
 * Guardrails for what a plan promises to guard: each of its guardrail metrics that no guardrail watches gets one that tells people when the
 * plan's margin is passed. It stops nothing, because nobody has asked for that. Metrics that cannot be watched, or that there are
 * not, are left out; the launch gate has said so.
 */
export function plannedGuardrails(given: PlanToWatch): readonly Guardrail[] {
  const { ids, metrics, now, plan, planned, watching } = given;
  const watched = new Set(watching.map(({ metricId }) => metricId));
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return planned.flatMap(({ margin, metricId, metricVersion }): readonly Guardrail[] => {
    const metric = byId.get(metricId);
    if (watched.has(metricId) || metric === undefined || unwatchable(metric.definition.kind) !== undefined) return [];
    return [
      {
        id: ids.next(now),
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

/** The entries on record of guardrails that a plan has made. */
export function plannedGuardrailDrafts(
  guardrails: readonly Guardrail[],
  metrics: readonly Metric[],
): readonly AuditDraft[] {
  const keys = new Map(metrics.map(({ id, key }) => [id, key]));
  return guardrails.map((guardrail) => ({
    action: "guardrail.create",
    entity: { kind: "guardrail", id: guardrail.id, key: keys.get(guardrail.metricId) ?? guardrail.metricId },
    before: null,
    after: guardrail,
  }));
}

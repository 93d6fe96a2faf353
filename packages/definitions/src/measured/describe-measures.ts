import {
  compareCodePoints,
  type AnalysisPlan,
  type EventType,
  type Guardrail,
  type Metric,
  type PlannedMetric,
  type RampPlan,
} from "@lotty/domain";
import type {
  EventTypeDefinition,
  GuardrailDefinition,
  PlanDefinition,
  RampDefinition,
  StatedMetric,
} from "./measured-definitions.ts";

/** Keys of metrics by their ids. */
export type MetricKeys = ReadonlyMap<string, string>;

/** Collects the keys by which a file refers to metrics. */
export function metricKeys(metrics: readonly Pick<Metric, "id" | "key">[]): MetricKeys {
  return new Map(metrics.map(({ id, key }) => [id, key]));
}

/** A stored event type as a file would state it. */
export function describeEventType(type: EventType): EventTypeDefinition {
  const { archivedAt, description, key, requiresExposure, schema } = type;
  return { key, description, schema, requiresExposure, archived: archivedAt !== null };
}

/** A stored metric as a file would state it. */
export function describeMetric(metric: Metric): StatedMetric {
  const { archivedAt, definition, description, key, name, owner, tags } = metric;
  const sorted = tags.toSorted(compareCodePoints);
  return { key, name, description, owner, tags: sorted, archived: archivedAt !== null, definition };
}

/** A stored plan as a file would state it. */
export function describePlan(plan: AnalysisPlan, keys: MetricKeys): PlanDefinition {
  const { experimentId: _id, frozenAt: _frozen, updatedAt: _at, version: _version, ...rest } = plan;
  const keyOf = ({ metricId }: PlannedMetric): string => keys.get(metricId) ?? metricId;
  return {
    ...rest,
    primary: plan.primary.map(keyOf),
    secondary: plan.secondary.map(keyOf),
    guardrails: plan.guardrails.map((guardrail) => ({ metric: keyOf(guardrail), margin: guardrail.margin })),
  };
}

/** A stored guardrail as a file would state it. */
export function describeGuardrail({ metricId, rule }: Guardrail, keys: MetricKeys): GuardrailDefinition {
  return { metric: keys.get(metricId) ?? metricId, rule };
}

/** A stored ramp plan as a file would state it. */
export function describeRamp({ held, steps }: RampPlan): RampDefinition {
  return { steps, held };
}

/** The order of guardrails in a file: by metric, then by what the rules say, for one metric may be watched by several. */
export function byMetricAndRule(one: GuardrailDefinition, other: GuardrailDefinition): number {
  return compareCodePoints(one.metric, other.metric) || compareCodePoints(ruleText(one), ruleText(other));
}

/** A rule as one text, the same for the same rule. */
export function ruleText({ rule }: GuardrailDefinition): string {
  const { action, alpha, margin, marginKind, minimumSubjects, population, tunedFor } = rule;
  return JSON.stringify([action, marginKind, margin, alpha, minimumSubjects, tunedFor, population]);
}

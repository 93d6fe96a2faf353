import type { AuditDraft, Guardrail, Metric } from "@lotty/domain";

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

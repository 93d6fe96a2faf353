import type { Refusal } from "@lotty/control-plane";
import { guardrailRuleFaults, unwatchable, type Experiment, type GuardrailRule, type Metric } from "@lotty/domain";

/** What speaks against a rule on a metric of an experiment. */
export function ruleRefusals(
  rule: GuardrailRule,
  { experiment, metric }: { readonly experiment: Experiment; readonly metric: Metric },
): readonly Refusal[] {
  const unmeasurable = unwatchable(metric.definition.kind);
  const hasControl = experiment.variants.some(({ isControl }) => isControl);
  return [
    ...guardrailRuleFaults(rule).map(({ field, message }) => invalid(field, message)),
    ...(unmeasurable === undefined ? [] : [invalid("metricId", unmeasurable)]),
    ...(rule.action === "rollback" && !hasControl
      ? [invalid("action", "No variant is the control that the experiment could be rolled back to.")]
      : []),
  ];
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}

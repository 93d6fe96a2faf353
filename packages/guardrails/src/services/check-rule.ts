import type { Refusal } from "@lotty/control-plane";
import type { Experiment, GuardrailRule, Metric } from "@lotty/domain";

/** The rule of a guardrail of which nothing else was said. */
export const DEFAULT_RULE: Omit<GuardrailRule, "margin" | "action"> = {
  marginKind: "relative",
  alpha: 0.05,
  minimumSubjects: 100,
  tunedFor: 5_000,
  population: "exposed",
};

/** What speaks against a rule on a metric of an experiment. */
export function ruleRefusals(
  rule: GuardrailRule,
  { experiment, metric }: { readonly experiment: Experiment; readonly metric: Metric },
): readonly Refusal[] {
  const { action, alpha, margin, minimumSubjects, tunedFor } = rule;
  const checks: readonly (readonly [wrong: boolean, field: string, message: string])[] = [
    [!(Number.isFinite(margin) && margin >= 0), "margin", "The margin is a number from 0."],
    [!(alpha > 0 && alpha < 0.5), "alpha", "alpha lies above 0 and below 0.5."],
    [
      !(Number.isSafeInteger(minimumSubjects) && minimumSubjects >= 2),
      "minimumSubjects",
      "The least number of subjects is a whole number from 2.",
    ],
    [
      !(Number.isSafeInteger(tunedFor) && tunedFor >= 1),
      "tunedFor",
      "The sequence is tuned for a whole number from 1.",
    ],
    [
      metric.definition.kind === "quantile",
      "metricId",
      "A quantile has no moments that a sequence could be made of. Watch the share of subjects beyond a threshold instead.",
    ],
    [
      action === "rollback" && !experiment.variants.some(({ isControl }) => isControl),
      "action",
      "No variant is the control that the experiment could be rolled back to.",
    ],
  ];
  return checks.filter(([wrong]) => wrong).map(([, field, message]) => ({ code: "invalid_field", field, message }));
}

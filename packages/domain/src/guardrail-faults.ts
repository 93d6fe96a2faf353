import type { GuardrailRule } from "./guardrail.ts";
import type { MetricKind } from "./metric.ts";

/** The rule of a guardrail of which nothing else was said. */
export const GUARDRAIL_DEFAULTS: Omit<GuardrailRule, "margin" | "action"> = Object.freeze({
  marginKind: "relative",
  alpha: 0.05,
  minimumSubjects: 100,
  tunedFor: 5_000,
  population: "exposed",
});

/** What is wrong with a field of a rule. */
export interface GuardrailRuleFault {
  readonly field: keyof GuardrailRule;
  readonly message: string;
}

/** Everything that is wrong with a rule in itself; whether it goes with its metric and its experiment is another question. */
export function guardrailRuleFaults(rule: GuardrailRule): readonly GuardrailRuleFault[] {
  const { alpha, margin, minimumSubjects, tunedFor } = rule;
  const checks: readonly (readonly [wrong: boolean, field: keyof GuardrailRule, message: string])[] = [
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
  ];
  return checks.filter(([wrong]) => wrong).map(([, field, message]) => ({ field, message }));
}

/** Why a metric of a kind cannot be watched; `undefined` when it can. */
export function unwatchable(kind: MetricKind): string | undefined {
  return kind === "quantile"
    ? "A quantile has no moments that a sequence could be made of. Watch the share of subjects beyond a threshold instead."
    : undefined;
}

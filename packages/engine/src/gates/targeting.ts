import type { JsonObject } from "@lotty/domain";
import type { CompiledExperiment } from "../compile-experiment.ts";
import type { Outcome } from "../outcome.ts";
import { ERROR, TRUE } from "../rules/truth.ts";

/** Gate 3. `null` when the rule takes the subject, else the outcome. */
export function targetingMiss(compiled: CompiledExperiment, attributes: JsonObject): Outcome | null {
  const { rule, outcomes } = compiled;
  if ("fault" in rule) return outcomes.ruleNotParsed;
  const result = rule.test(attributes);
  if (result === TRUE) return null;
  return result === ERROR ? outcomes.ruleNotEvaluated : outcomes.mismatch;
}

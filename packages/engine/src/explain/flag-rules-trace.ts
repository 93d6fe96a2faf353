import type { FlagRule, Subject } from "@lotty/domain";
import { askRule, rolloutBucket, type CompiledFlagRule } from "../flag-rules.ts";
import type { Outcome } from "../outcome.ts";
import type { Snapshot } from "../snapshot.ts";
import type { FlagRuleTrace } from "./explanation.ts";
import { EVALUATION_FAULT, traceRule } from "./trace-rule.ts";

/** An outcome and whom it is for. */
export interface SubjectOutcome {
  readonly outcome: Outcome;
  readonly subject: Subject;
}

/** The rules of a flag as they came out. */
export function traceFlagRules(snapshot: Snapshot, { outcome, subject }: SubjectOutcome): readonly FlagRuleTrace[] {
  const rules = outcome.flag?.rules ?? [];
  const compiled = snapshot.flags.get(outcome.flag?.key ?? "")?.rules?.rules ?? [];
  // Nobody asks the rules of a flag that is disabled, or for a subject that the experiment takes or gives its control's value.
  let reached = outcome.variant === null && outcome.rolledBack === null;
  return rules.map((rule, index) => {
    const each = compiled[index];
    if (!reached || each === undefined) return { ...factsOf(rule), verdict: "not_reached" };
    if (rule === outcome.flagRule) reached = false;
    return traceFlagRule(each, subject, snapshot);
  });
}

function traceFlagRule(compiled: CompiledFlagRule, subject: Subject, { segments }: Snapshot): FlagRuleTrace {
  const { rule, targeting } = compiled;
  if ("fault" in targeting) return { ...factsOf(rule), verdict: "faulty", fault: targeting.fault };
  const clauses = targeting.rule === null ? [] : traceRule(targeting.rule, subject.attributes, segments).clauses;
  const trace = { ...factsOf(rule), clauses };
  switch (askRule(compiled, subject)) {
    case "gives":
      return { ...trace, verdict: "gave_value", bucket: rolloutBucket(compiled, subject.id) };
    case "outside_rollout":
      return { ...trace, verdict: "outside_rollout", bucket: rolloutBucket(compiled, subject.id) };
    case "not_meant":
      return { ...trace, verdict: "not_meant" };
    case "parse":
    case "evaluation":
      return { ...trace, verdict: "faulty", fault: EVALUATION_FAULT };
  }
}

function factsOf(rule: FlagRule): Pick<FlagRuleTrace, "ruleId" | "value" | "rollout" | "rule"> {
  return { ruleId: rule.id, value: rule.value, rollout: rule.rollout, rule: rule.targetingRules };
}

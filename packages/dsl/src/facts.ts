import type { AttributeClause, Rule, RuleClause, SegmentClause } from "@lotty/domain";
import { isOrdering } from "./operators.ts";

/** A condition that has to come out one way for something around it to be true. */
export interface Fact<Clause extends RuleClause = RuleClause> {
  readonly clause: Clause;
  /** Whether it has to be true or false; an evaluation error is neither. */
  readonly holds: boolean;
}

/** A fact about an attribute. */
export type AttributeFact = Fact<AttributeClause>;

/** A fact about a segment. */
export type SegmentFact = Fact<SegmentClause>;

/** Tells facts about attributes from those about segments. */
export function isAttributeFact(fact: Fact): fact is AttributeFact {
  return fact.clause.kind !== "segment";
}

/** Conditions that must all come out as said for a rule to come out as `holds`; there may be more to it than these. */
export function factsOf(rule: Rule, holds: boolean): readonly Fact[] {
  switch (rule.kind) {
    case "and":
      return holds ? rule.operands.flatMap((operand) => factsOf(operand, true)) : [];
    case "or":
      return holds ? [] : rule.operands.flatMap((operand) => factsOf(operand, false));
    case "not":
      return factsOf(rule.operand, !holds);
    default:
      return [{ clause: rule, holds }];
  }
}

/** Whether a rule may end in an evaluation error for some subject, judged by its operators alone. */
export function mayFail(rule: Rule): boolean {
  switch (rule.kind) {
    case "and":
    case "or":
      return rule.operands.some(mayFail);
    case "not":
      return mayFail(rule.operand);
    case "comparison":
      return isOrdering(rule.operator);
    case "between":
      return true;
    case "text":
      return rule.operator === "MATCHES";
    case "segment":
      // Its rule is not known here, nor whether there is one.
      return true;
    case "membership":
    case "contains":
    case "exists":
      return false;
  }
}

import type { Rule, RuleClause } from "./rule.ts";

/** The clauses of a rule in the order of its text; none of the blank rule. Recursion is as deep as the tree. */
export function clausesOf(rule: Rule | null): readonly RuleClause[] {
  if (rule === null) return [];
  switch (rule.kind) {
    case "and":
    case "or":
      return rule.operands.flatMap(clausesOf);
    case "not":
      return clausesOf(rule.operand);
    default:
      return [rule];
  }
}

/** Keys of the segments that a rule names, each time it names one. */
export function segmentsNamedIn(rule: Rule | null): readonly string[] {
  return clausesOf(rule).flatMap((clause) => (clause.kind === "segment" ? [clause.key] : []));
}

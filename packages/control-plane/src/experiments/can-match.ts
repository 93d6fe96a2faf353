import type { Rule } from "@lotty/domain";
import { check, type ParseSuccess } from "@lotty/dsl";

/**
 * Whether a rule may be true for somebody. `false` is certain; `true` also stands for "cannot be told". Quadratic in the
 * nesting of the rule at worst, which the limits of rules bound.
 */
export function canMatch({ rule, source }: ParseSuccess): boolean {
  return rule === null || mayHold(rule, source);
}

function mayHold(rule: Rule, source: ParseSuccess["source"]): boolean {
  switch (rule.kind) {
    case "or":
      return rule.operands.some((operand) => mayHold(operand, source));
    case "and": {
      const operands = flattened(rule);
      if (!operands.every((operand) => mayHold(operand, source))) return false;
      // Of conditions that all have to hold, a contradiction is one of the whole rule.
      const conditions = operands.filter((operand) => isCondition(operand, source));
      return conditions.length < 2 || !neverMatches({ kind: "and", operands: conditions }, source);
    }
    case "not":
      return true;
    default:
      return !neverMatches(rule, source);
  }
}

/** The operands of an `AND`, with those of an `AND` among them in its place. */
function flattened(rule: Rule): readonly Rule[] {
  return rule.kind === "and" ? rule.operands.flatMap(flattened) : [rule];
}

/** Whether this is a single condition, or the opposite of one that could hold: then what is found is about the whole. */
function isCondition(rule: Rule, source: ParseSuccess["source"]): boolean {
  if (rule.kind === "not") return isCondition(rule.operand, source) && !neverMatches(rule.operand, source);
  return rule.kind !== "and" && rule.kind !== "or";
}

function neverMatches(rule: Rule, source: ParseSuccess["source"]): boolean {
  return check({ ok: true, rule, source }).some(({ code }) => code === "never_matches");
}

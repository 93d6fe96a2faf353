import { type AttributeClause, type RuleLiteral } from "@lotty/domain";
import { compareLiterals } from "./literal-order.ts";

/**
 * How a condition comes out for an attribute with a value that is no list or object. `"error"`: an evaluation error.
 * `"unknown"`: that would take a pattern, a version or a date to tell.
 */
export function testPrimitive(clause: AttributeClause, value: RuleLiteral): boolean | "error" | "unknown" {
  switch (clause.kind) {
    case "comparison": {
      const { operator, literal } = clause;
      if (operator === "==" || operator === "!=") {
        const equal = equals(value, literal);
        return equal === "unknown" ? equal : equal === (operator === "==");
      }
      if (literal.type === "semver" || literal.type === "date") return "unknown";
      const order = compareLiterals(value, literal);
      if (order === undefined) return "error";
      if (operator === ">") return order > 0;
      if (operator === ">=") return order >= 0;
      return operator === "<" ? order < 0 : order <= 0;
    }
    case "membership": {
      const results = clause.literals.map((literal) => equals(value, literal));
      if (results.includes(true)) return !clause.negated;
      return results.includes("unknown") ? "unknown" : clause.negated;
    }
    case "between": {
      if (clause.low.type === "semver" || clause.low.type === "date") return "unknown";
      const [low, high] = [compareLiterals(value, clause.low), compareLiterals(value, clause.high)];
      return low === undefined || high === undefined ? "error" : low >= 0 && high <= 0;
    }
    case "contains":
      return value.type === "string" && clause.literal.type === "string" && value.value.includes(clause.literal.value);
    case "text":
      if (value.type !== "string") return false;
      if (clause.operator === "MATCHES") return "unknown";
      return clause.operator === "STARTS_WITH"
        ? value.value.startsWith(clause.operand)
        : value.value.endsWith(clause.operand);
    case "exists":
      return true;
  }
}

function equals(value: RuleLiteral, literal: RuleLiteral): boolean | "unknown" {
  if (literal.type === "semver" || literal.type === "date") return value.type === "string" ? "unknown" : false;
  if (value.type === "null" || literal.type === "null") return value.type === literal.type;

  return value.type === literal.type && value.value === literal.value;
}

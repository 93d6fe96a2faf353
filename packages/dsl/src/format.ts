import {
  LottyError,
  parseDate,
  parseSemanticVersion,
  type Rule,
  type RuleClause,
  type RuleLiteral,
} from "@lotty/domain";
import { formatPath } from "./attribute-path.ts";
import { formatLiteral } from "./literal-text.ts";

/** How tightly a kind of node binds its operands; a node inside of one that binds as tightly needs parentheses. */
const TIGHTNESS: Readonly<Record<Rule["kind"], number>> = {
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  membership: 4,
  between: 4,
  contains: 4,
  text: 4,
  exists: 4,
  segment: 4,
};

/** What is left to print: text as it is, or a node in the place that a tightness describes. */
type Piece = string | { readonly rule: Rule; readonly within: number };

/**
 * Prints a rule as text: keywords in upper case, double quotes, and only the parentheses that the tree needs. Reading
 * the text gives the same tree back (a tree larger than the limits prints, but will not be read). The blank rule is
 * the empty text.
 *
 * Linear in the size of the tree, and without recursion, however deep it is.
 *
 * @throws LottyError `invalid_request` for a tree that no text means: `and` or `or` of fewer than two operands, an empty
 * path, a number that is NaN or -0, a version or date that is none, ends of `BETWEEN` that do not go together
 */
export function format(rule: Rule | null): string {
  if (rule === null) return "";
  const printed: string[] = [];
  const pending: Piece[] = [{ rule, within: 0 }];
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if (typeof piece === "string") printed.push(piece);
    else pending.push(...piecesOf(piece.rule, piece.within).toReversed());
  }
  return printed.join("");
}

function piecesOf(rule: Rule, within: number): readonly Piece[] {
  const tightness = TIGHTNESS[rule.kind];
  if (tightness < within) return ["(", { rule, within: 0 }, ")"];
  switch (rule.kind) {
    case "or":
    case "and": {
      if (rule.operands.length < 2) throw noText(`\`${rule.kind}\` needs at least two operands`);
      const connective = rule.kind === "or" ? " OR " : " AND ";
      return rule.operands.flatMap((operand, index): Piece[] => {
        const placed = { rule: operand, within: tightness + 1 };
        return index === 0 ? [placed] : [connective, placed];
      });
    }
    case "not":
      // Without parentheses it would read back as the one condition NOT IN SEGMENT.
      if (rule.operand.kind === "segment" && !rule.operand.negated) return [`NOT (${formatClause(rule.operand)})`];
      return ["NOT ", { rule: rule.operand, within: tightness }];
    default:
      return [formatClause(rule)];
  }
}

/**
 * Prints one condition as it stands in a rule.
 *
 * @throws LottyError as {@link format}
 */
export function formatClause(clause: RuleClause): string {
  if (clause.kind === "segment") {
    return `${clause.negated ? "NOT IN" : "IN"} SEGMENT ${formatLiteral({ type: "string", value: clause.key })}`;
  }
  if (clause.path.length === 0) throw noText("a path needs at least one name");
  const path = formatPath(clause.path);
  switch (clause.kind) {
    case "comparison":
      return `${path} ${clause.operator} ${literalText(clause.literal)}`;
    case "membership":
      return `${path} ${clause.negated ? "NOT IN" : "IN"} [${clause.literals.map(literalText).join(", ")}]`;
    case "between":
      if (clause.low.type !== clause.high.type || clause.low.type === "boolean" || clause.low.type === "null") {
        throw noText("`between` needs two values of one kind that has an order");
      }
      return `${path} BETWEEN ${literalText(clause.low)} AND ${literalText(clause.high)}`;
    case "contains":
      return `${path} CONTAINS ${literalText(clause.literal)}`;
    case "text":
      return `${path} ${clause.operator} ${formatLiteral({ type: "string", value: clause.operand })}`;
    case "exists":
      return `${path} EXISTS`;
  }
}

function literalText(literal: RuleLiteral): string {
  const writable =
    (literal.type !== "number" || (!Number.isNaN(literal.value) && !Object.is(literal.value, -0))) &&
    (literal.type !== "semver" || parseSemanticVersion(literal.value) !== undefined) &&
    (literal.type !== "date" || parseDate(literal.value) !== undefined);
  if (!writable) throw noText(`a value of type ${literal.type} is not one`);
  return formatLiteral(literal);
}

function noText(reason: string): LottyError {
  return new LottyError("invalid_request", `No rule text means this tree: ${reason}`);
}

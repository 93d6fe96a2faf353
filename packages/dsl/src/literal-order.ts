import {
  compareCodePoints,
  compareSemanticVersions,
  parseDate,
  parseSemanticVersion,
  type RuleLiteral,
} from "@lotty/domain";

/** The orders that literals have, each among its own kind. */
export type OrderKind = "number" | "string" | "semver" | "date";

/** The order that a literal belongs to; `undefined` for booleans and null, which have none. */
export function orderKind(literal: RuleLiteral): OrderKind | undefined {
  return literal.type === "boolean" || literal.type === "null" ? undefined : literal.type;
}

/** Compares two literals of one kind: negative, zero or positive; `undefined` for others. */
export function compareLiterals(a: RuleLiteral, b: RuleLiteral): number | undefined {
  if (a.type === "number" && b.type === "number") return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (a.type === "string" && b.type === "string") return compareCodePoints(a.value, b.value);
  if (a.type === "semver" && b.type === "semver") {
    const [left, right] = [parseSemanticVersion(a.value), parseSemanticVersion(b.value)];
    return left === undefined || right === undefined ? undefined : compareSemanticVersions(left, right);
  }
  if (a.type === "date" && b.type === "date") {
    const [left, right] = [parseDate(a.value), parseDate(b.value)];
    return left === undefined || right === undefined ? undefined : left - right;
  }
  return undefined;
}

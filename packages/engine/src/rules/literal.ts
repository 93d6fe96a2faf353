import {
  compareCodePoints,
  compareSemanticVersions,
  parseDate,
  parseSemanticVersion,
  type JsonValue,
  type RuleLiteral,
} from "@lotty/domain";

/** Whether an attribute's value equals a literal: by type and value, so lists and objects equal nothing. */
export type EqualityTest = (value: JsonValue) => boolean;

/**
 * Compares an attribute's value with a literal: negative, zero or positive; `undefined` when the two have no order,
 * which is an evaluation error.
 */
export type Comparison = (value: JsonValue) => number | undefined;

/** Makes the equality test of a literal. */
export function equalityWith(literal: RuleLiteral): EqualityTest {
  switch (literal.type) {
    case "string":
    case "number":
    case "boolean":
    case "null": {
      const expected = primitiveOf(literal);
      return (value) => value === expected;
    }
    case "semver":
    case "date": {
      const compare = comparisonWith(literal);
      return (value) => compare(value) === 0;
    }
  }
}

/** A literal that stands for itself, not for what its text means. */
export type PlainLiteral = Exclude<RuleLiteral, { readonly type: "semver" | "date" }>;

/** Whether a literal stands for itself. */
export function isPlainLiteral(literal: RuleLiteral): literal is PlainLiteral {
  return literal.type !== "semver" && literal.type !== "date";
}

/** The JSON value of a literal that stands for itself. */
export function primitiveOf(literal: PlainLiteral): string | number | boolean | null {
  return literal.type === "null" ? null : literal.value;
}

/** Makes the comparison with a literal. Only numbers and texts have an order, each among themselves. */
export function comparisonWith(literal: RuleLiteral): Comparison {
  switch (literal.type) {
    case "number": {
      const right = literal.value;
      return (value) => (typeof value === "number" ? order(value, right) : undefined);
    }
    case "string": {
      const right = literal.value;
      return (value) => (typeof value === "string" ? compareCodePoints(value, right) : undefined);
    }
    case "semver":
      return parsedComparison(literal.value, parseSemanticVersion, compareSemanticVersions);
    case "date":
      return parsedComparison(literal.value, parseDate, order);
    case "boolean":
    case "null":
      return () => undefined;
  }
}

function order(a: number, b: number): number {
  // Not a difference: infinities would cancel out to NaN.
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Comparison of texts that stand for something else; a text that does not read as one has no order. */
function parsedComparison<T>(
  text: string,
  parse: (text: string) => T | undefined,
  compare: (a: T, b: T) => number,
): Comparison {
  const right = parse(text);
  if (right === undefined) return () => undefined;
  return (value) => {
    const left = typeof value === "string" ? parse(value) : undefined;
    return left === undefined ? undefined : compare(left, right);
  };
}

import type { AttributeClause, JsonObject, JsonValue, RuleLiteral, TextOperator } from "@lotty/domain";
import { RE2JS } from "re2js";
import { attributeReader } from "./attribute-reader.ts";
import { compilePlainClause } from "./compile-plain-clause.ts";
import { comparisonWith, equalityWith, isPlainLiteral, primitiveOf, type EqualityTest } from "./literal.ts";
import { ERROR, FALSE, TRUE, truth, type Truth } from "./truth.ts";

/** A test of a subject's attributes. */
export type AttributeTest = (attributes: JsonObject) => Truth;

/** A test of the value of an attribute that the subject has. */
type ValueTest = (value: JsonValue) => Truth;

/** Compiles a clause. A missing attribute makes every clause false, `!=` and `NOT IN` included. */
export function compileClause(clause: AttributeClause): AttributeTest {
  return compilePlainClause(clause) ?? compileGeneralClause(clause);
}

function compileGeneralClause(clause: AttributeClause): AttributeTest {
  const read = attributeReader(clause.path);
  const test = valueTest(clause);
  return (attributes) => {
    const value = read(attributes);
    return value === undefined ? FALSE : test(value);
  };
}

function valueTest(clause: AttributeClause): ValueTest {
  switch (clause.kind) {
    case "comparison":
      return comparisonTest(clause.operator, clause.literal);
    case "membership": {
      const isMember = membershipTest(clause.literals);
      return clause.negated ? (value) => truth(!isMember(value)) : (value) => truth(isMember(value));
    }
    case "between": {
      const fromLow = comparisonWith(clause.low);
      const toHigh = comparisonWith(clause.high);
      return (value) => {
        const low = fromLow(value);
        const high = toHigh(value);
        return low === undefined || high === undefined ? ERROR : truth(low >= 0 && high <= 0);
      };
    }
    case "contains":
      return containsTest(clause.literal);
    case "text":
      return textTest(clause.operator, clause.operand);
    case "exists":
      return () => TRUE;
  }
}

function comparisonTest(
  operator: (AttributeClause & { readonly kind: "comparison" })["operator"],
  literal: RuleLiteral,
): ValueTest {
  if (operator === "==" || operator === "!=") {
    const equals = equalityWith(literal);
    return operator === "==" ? (value) => truth(equals(value)) : (value) => truth(!equals(value));
  }
  const compare = comparisonWith(literal);
  const accepts = ORDER_ACCEPTED[operator];
  return (value) => {
    const order = compare(value);
    return order === undefined ? ERROR : truth(accepts(order));
  };
}

const ORDER_ACCEPTED: Readonly<Record<">" | ">=" | "<" | "<=", (order: number) => boolean>> = {
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
};

function membershipTest(literals: readonly RuleLiteral[]): EqualityTest {
  // A Set compares as the language does: by type and value, 0 equal to -0, objects by identity and so never.
  const primitives = new Set<JsonValue>();
  const others: EqualityTest[] = [];
  for (const literal of literals) {
    if (isPlainLiteral(literal)) primitives.add(primitiveOf(literal));
    else others.push(equalityWith(literal));
  }
  if (others.length === 0) return (value) => primitives.has(value);
  return (value) => primitives.has(value) || others.some((equals) => equals(value));
}

function containsTest(literal: RuleLiteral): ValueTest {
  const equals = equalityWith(literal);
  const part = literal.type === "string" ? literal.value : undefined;
  return (value) => {
    if (typeof value === "string") return truth(part !== undefined && value.includes(part));
    return truth(Array.isArray(value) && value.some((element: JsonValue) => equals(element)));
  };
}

function textTest(operator: TextOperator, operand: string): ValueTest {
  switch (operator) {
    case "STARTS_WITH":
      return (value) => truth(typeof value === "string" && value.startsWith(operand));
    case "ENDS_WITH":
      return (value) => truth(typeof value === "string" && value.endsWith(operand));
    case "MATCHES": {
      const pattern = compilePattern(operand);
      return (value) => {
        if (typeof value !== "string") return FALSE;
        return pattern === undefined ? ERROR : truth(pattern.test(value));
      };
    }
  }
}

/** RE2 matches in linear time, whatever the pattern; what it does not know (look-around, back-references) is an error. */
function compilePattern(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

import type { AttributeClause, JsonValue, RuleLiteral } from "@lotty/domain";
import type { AttributeTest } from "./compile-clause.ts";
import { isPlainLiteral, primitiveOf } from "./literal.ts";
import { ERROR, FALSE, TRUE, truth } from "./truth.ts";

/**
 * Compiles a clause of the kind that most clauses are - an attribute at the top level, compared with literals that stand for
 * themselves - into a single closure. Reading and testing in closures of their own costs three times as much, because the
 * compiler can inline neither when many clauses share them. `undefined` for clauses of other kinds.
 */
export function compilePlainClause(clause: AttributeClause): AttributeTest | undefined {
  const [name, ...inner] = clause.path;
  // Only own properties count, and for the names that every object has that takes a check.
  if (name === undefined || inner.length > 0 || name in Object.prototype) return undefined;
  if (clause.kind === "membership") return membershipTest(name, clause.literals, clause.negated);
  if (clause.kind !== "comparison") return undefined;
  const { literal, operator } = clause;
  switch (operator) {
    case "==":
    case "!=":
      return isPlainLiteral(literal) ? equalityTest(name, primitiveOf(literal), operator) : undefined;
    default:
      return literal.type === "number" ? orderTest(name, literal.value, operator) : undefined;
  }
}

function equalityTest(name: string, expected: JsonValue, operator: "==" | "!="): AttributeTest {
  if (operator === "==") return (attributes) => truth(attributes[name] === expected);
  return (attributes) => {
    const value = attributes[name];
    return truth(value !== undefined && value !== expected);
  };
}

function orderTest(name: string, limit: number, operator: ">" | ">=" | "<" | "<="): AttributeTest {
  switch (operator) {
    case ">":
      return (attributes) => {
        const value = attributes[name];
        return typeof value === "number" ? truth(value > limit) : unordered(value);
      };
    case ">=":
      return (attributes) => {
        const value = attributes[name];
        return typeof value === "number" ? truth(value >= limit) : unordered(value);
      };
    case "<":
      return (attributes) => {
        const value = attributes[name];
        return typeof value === "number" ? truth(value < limit) : unordered(value);
      };
    case "<=":
      return (attributes) => {
        const value = attributes[name];
        return typeof value === "number" ? truth(value <= limit) : unordered(value);
      };
  }
}

/** A missing attribute makes the clause false; one without an order is an error. */
function unordered(value: JsonValue | undefined): typeof FALSE | typeof ERROR {
  return value === undefined ? FALSE : ERROR;
}

/** Lists up to this length are compared in one expression: half the time of a loop, and most lists are no longer. */
const FEW = 4;

/** Lists up to this length are searched faster than a set is asked. */
const SHORT_LIST = 8;

function membershipTest(name: string, literals: readonly RuleLiteral[], negated: boolean): AttributeTest | undefined {
  if (!literals.every(isPlainLiteral)) return undefined;
  const members: readonly JsonValue[] = literals.map(primitiveOf);
  const [found, absent] = negated ? ([FALSE, TRUE] as const) : ([TRUE, FALSE] as const);
  if (members.length <= FEW) {
    // What is missing is filled up with what is there; nothing equals an empty list's `undefined`, because that was asked first.
    const [a, b = a, c = b, d = c] = members;
    return (attributes) => {
      const value = attributes[name];
      if (value === undefined) return FALSE;
      return value === a || value === b || value === c || value === d ? found : absent;
    };
  }
  if (members.length > SHORT_LIST) {
    const set = new Set(members);
    return (attributes) => {
      const value = attributes[name];
      if (value === undefined) return FALSE;
      return set.has(value) ? found : absent;
    };
  }
  return (attributes) => {
    const value = attributes[name];
    if (value === undefined) return FALSE;
    for (const member of members) if (member === value) return found;
    return absent;
  };
}

import type { JsonObject, Rule, RuleClause, RuleLiteral } from "@lotty/domain";
import { describe, expect, test } from "vitest";
import { compileRule, evaluateRule } from "./compile-rule.ts";

const AGE = ["age"];

function evaluate(rule: Rule | null, attributes: JsonObject): string {
  return evaluateRule(compileRule(rule), attributes);
}

function compare(path: readonly string[], operator: "==" | "!=" | "<" | ">=", literal: RuleLiteral): RuleClause {
  return { kind: "comparison", path, operator, literal };
}

const number = (value: number): RuleLiteral => ({ type: "number", value });
const string = (value: string): RuleLiteral => ({ type: "string", value });

describe("a clause", () => {
  test.each<[string, RuleClause]>([
    ["!=", compare(AGE, "!=", number(1))],
    ["NOT IN", { kind: "membership", path: AGE, negated: true, literals: [] }],
    ["EXISTS", { kind: "exists", path: AGE }],
    ["an order that would be an error", compare(AGE, "<", { type: "null" })],
    ["a bad pattern", { kind: "text", path: AGE, operator: "MATCHES", operand: "[" }],
  ])("is false for a missing attribute: %s", (_, clause) => {
    expect(evaluate(clause, {})).toBe("false");
    expect(evaluate({ kind: "not", operand: clause }, {})).toBe("true");
  });

  test("sees own properties only, whatever their names", () => {
    const exists = (name: string): Rule => ({ kind: "exists", path: [name] });
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(evaluate(exists(name), {})).toBe("false");
      expect(evaluate(exists(name), JSON.parse(`{"${name}": 1}`) as JsonObject)).toBe("true");
    }
  });

  test("walks nested objects but not lists and texts", () => {
    const deep: Rule = { kind: "exists", path: ["a", "b", "length"] };
    expect(evaluate(deep, { a: { b: { length: null } } })).toBe("true");
    expect(evaluate(deep, { a: { b: [1, 2] } })).toBe("false");
    expect(evaluate(deep, { a: { b: "text" } })).toBe("false");
    expect(evaluate(deep, { a: null })).toBe("false");
  });

  test("compares by type and value", () => {
    expect(evaluate(compare(AGE, "==", number(1)), { age: 1.0 })).toBe("true");
    expect(evaluate(compare(AGE, "==", number(1)), { age: true })).toBe("false");
    expect(evaluate(compare(AGE, "==", string("1")), { age: 1 })).toBe("false");
    expect(evaluate(compare(AGE, "==", { type: "null" }), { age: null })).toBe("true");
    expect(evaluate(compare(AGE, "!=", string("x")), { age: ["x"] })).toBe("true");
    const inList: Rule = { kind: "membership", path: AGE, negated: false, literals: [number(0), { type: "null" }] };
    expect(evaluate(inList, { age: -0 })).toBe("true");
    expect(evaluate(inList, { age: false })).toBe("false");
  });

  test("orders texts by code points and refuses to order what has no order", () => {
    expect(evaluate(compare(AGE, "<", string("😀")), { age: "\uffff" })).toBe("true");
    expect(evaluate(compare(AGE, "<", string("1")), { age: 0 })).toBe("error");
    expect(evaluate(compare(AGE, "<", number(1)), { age: [0] })).toBe("error");
    expect(evaluate(compare(AGE, ">=", { type: "boolean", value: true }), { age: true })).toBe("error");
  });

  test("BETWEEN takes both ends and needs an order with both", () => {
    const between: Rule = { kind: "between", path: AGE, low: number(18), high: number(65) };
    expect([17, 18, 65, 66].map((age) => evaluate(between, { age }))).toEqual(["false", "true", "true", "false"]);
    expect(evaluate(between, { age: "18" })).toBe("error");
  });

  test("semantic versions compare by precedence", () => {
    const atLeast = compare(["app"], ">=", { type: "semver", value: "2.10.0" });
    expect(evaluate(atLeast, { app: "2.9.0" })).toBe("false");
    expect(evaluate(atLeast, { app: "2.10.0+build.7" })).toBe("true");
    expect(evaluate(atLeast, { app: "2.10.0-rc.1" })).toBe("false");
    expect(evaluate(atLeast, { app: "two" })).toBe("error");
    expect(evaluate(compare(["app"], "==", { type: "semver", value: "1.0.0" }), { app: "two" })).toBe("false");
  });

  test("dates compare as points in time, whatever their zone", () => {
    const before = compare(["at"], "<", { type: "date", value: "2026-01-01" });
    expect(evaluate(before, { at: "2025-12-31T23:59:59.999Z" })).toBe("true");
    expect(evaluate(before, { at: "2026-01-01T00:00:00+01:00" })).toBe("true");
    expect(evaluate(before, { at: "2026-01-01" })).toBe("false");
    expect(evaluate(before, { at: 0 })).toBe("error");
  });

  test("CONTAINS looks for a part of a text or an element of a list", () => {
    const contains = (literal: RuleLiteral): Rule => ({ kind: "contains", path: ["tags"], literal });
    expect(evaluate(contains(string("et")), { tags: "beta" })).toBe("true");
    expect(evaluate(contains(string("et")), { tags: ["beta"] })).toBe("false");
    expect(evaluate(contains(number(2)), { tags: [1, 2] })).toBe("true");
    expect(evaluate(contains(number(2)), { tags: "12" })).toBe("false");
    expect(evaluate(contains(string("a")), { tags: { a: 1 } })).toBe("false");
  });

  test("MATCHES searches anywhere, in linear time", () => {
    const matches = (operand: string): Rule => ({ kind: "text", path: ["text"], operator: "MATCHES", operand });
    expect(evaluate(matches("b+"), { text: "abbc" })).toBe("true");
    expect(evaluate(matches("(a+)+$"), { text: `${"a".repeat(50_000)}!` })).toBe("false");
    expect(evaluate(matches("(?=a)"), { text: "a" })).toBe("error");
    expect(evaluate(matches("("), { text: 1 })).toBe("false");
  });
});

describe("a rule", () => {
  const error = compare(AGE, "<", string("x"));
  const yes: Rule = { kind: "exists", path: AGE };
  const no: Rule = { kind: "not", operand: yes };
  const attributes = { age: 1 };

  test("that is blank takes everyone", () => {
    expect(evaluate(null, {})).toBe("true");
  });

  test.each<[string, Rule, string]>([
    ["AND stops at the first false", { kind: "and", operands: [yes, no, error] }, "false"],
    ["OR stops at the first true", { kind: "or", operands: [no, yes, error] }, "true"],
    ["AND meets an error before a false", { kind: "and", operands: [yes, error, no] }, "error"],
    ["OR meets an error before a true", { kind: "or", operands: [no, error, yes] }, "error"],
    ["NOT keeps an error", { kind: "not", operand: error }, "error"],
    ["two operands", { kind: "and", operands: [yes, yes] }, "true"],
  ])("%s", (_, rule, expected) => {
    expect(evaluate(rule, attributes)).toBe(expected);
  });
});

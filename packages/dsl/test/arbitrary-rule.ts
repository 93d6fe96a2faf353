import type { AttributePath, Rule, RuleClause, RuleLiteral } from "@lotty/domain";
import fc from "fast-check";

/** Names of all sorts: plain ones, keywords, words that are special in places, and what only brackets can hold. */
const name: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("age", "country", "user", "plan", "x1", "_y"),
  fc.constantFrom("and", "OR", "Not", "in", "contains", "true", "NULL", "exists"),
  fc.constantFrom("between", "semver", "date", "attributes"),
  fc.string({ maxLength: 6, unit: "binary" }),
  fc.constantFrom("weird key", 'quo"te', "back\\", "it's", "a.b", "größe", "", "__proto__"),
);

const path: fc.Arbitrary<AttributePath> = fc.array(name, { minLength: 1, maxLength: 3 });

const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 8, unit: "binary" }),
  fc.constantFrom("\\", "\\\\", '\\"', "\\'", '"', "'", "line\nbreak", "#", "]", "\\d+", "\ud800", ""),
);

const number: fc.Arbitrary<number> = fc
  .oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(Infinity, -Infinity, 1e21, 5e-324))
  .map((value) => value + 0);

const typed = {
  string: text.map((value): RuleLiteral => ({ type: "string", value })),
  number: number.map((value): RuleLiteral => ({ type: "number", value })),
  semver: fc
    .constantFrom("1.0.0", "2.10.0-beta.1", "0.0.0+build.5", "99999999999999999999.0.0")
    .map((value): RuleLiteral => ({ type: "semver", value })),
  date: fc
    .constantFrom("2026-01-01", "2026-01-01T10:00:00Z", "2026-01-01t10:00:00.123456+02:00")
    .map((value): RuleLiteral => ({ type: "date", value })),
};

const literal: fc.Arbitrary<RuleLiteral> = fc.oneof(
  ...Object.values(typed),
  fc.boolean().map((value): RuleLiteral => ({ type: "boolean", value })),
  fc.constant<RuleLiteral>({ type: "null" }),
);

const ends: fc.Arbitrary<readonly [RuleLiteral, RuleLiteral]> = fc.oneof(
  ...Object.values(typed).map((kind) => fc.tuple(kind, kind)),
);

/** Any condition that a text can mean. */
export const arbitraryClause: fc.Arbitrary<RuleClause> = fc.oneof(
  fc.record({
    kind: fc.constant("comparison" as const),
    path,
    operator: fc.constantFrom("==", "!=", ">", ">=", "<", "<="),
    literal,
  }),
  fc.record({
    kind: fc.constant("membership" as const),
    path,
    negated: fc.boolean(),
    literals: fc.array(literal, { maxLength: 4 }),
  }),
  fc.tuple(path, ends).map(([at, [low, high]]): RuleClause => ({ kind: "between", path: at, low, high })),
  fc.record({ kind: fc.constant("contains" as const), path, literal }),
  fc.record({
    kind: fc.constant("text" as const),
    path,
    operator: fc.constantFrom("STARTS_WITH", "ENDS_WITH", "MATCHES"),
    operand: text,
  }),
  fc.record({ kind: fc.constant("exists" as const), path }),
  fc.record({ kind: fc.constant("segment" as const), key: text, negated: fc.boolean() }),
);

const { rule } = fc.letrec<{ readonly rule: Rule }>((tie) => {
  const operands = fc.array(tie("rule"), { minLength: 2, maxLength: 4 });
  return {
    rule: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      arbitraryClause,
      operands.map((rules): Rule => ({ kind: "and", operands: rules })),
      operands.map((rules): Rule => ({ kind: "or", operands: rules })),
      tie("rule").map((operand): Rule => ({ kind: "not", operand })),
    ),
  };
});

/** Any tree that a text can mean. */
export const arbitraryRule: fc.Arbitrary<Rule> = rule;

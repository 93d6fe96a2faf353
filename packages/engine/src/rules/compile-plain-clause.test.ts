import type { AttributePath, JsonValue, RuleClause, RuleLiteral } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRule, evaluateRule } from "./compile-rule.ts";

const literal: fc.Arbitrary<RuleLiteral> = fc.oneof(
  fc.constantFrom("DE", "FR", "", "2.1.0").map((value) => ({ type: "string" as const, value })),
  fc.constantFrom(-1, 0, 1.5, 200).map((value) => ({ type: "number" as const, value })),
  fc.boolean().map((value) => ({ type: "boolean" as const, value })),
  fc.constant({ type: "null" as const }),
  fc.constant({ type: "semver" as const, value: "2.1.0" }),
);

const attribute: fc.Arbitrary<JsonValue | undefined> = fc.oneof(
  fc.constantFrom("DE", "FR", "", "2.1.0", "10.0.0"),
  fc.constantFrom(-1, -0, 0, 1.5, 199.9, 200, Infinity),
  fc.boolean(),
  fc.constantFrom(null, undefined, [], ["DE"], {}),
);

/** Clauses of the kinds that have a short way, over a path. */
const clauseOver: fc.Arbitrary<(path: AttributePath) => RuleClause> = fc.oneof(
  fc
    .record({ operator: fc.constantFrom("==", "!=", ">", ">=", "<", "<="), literal })
    .map((rest) => (path: AttributePath) => ({ kind: "comparison" as const, path, ...rest })),
  fc
    .record({ literals: fc.array(literal, { minLength: 1, maxLength: 12 }), negated: fc.boolean() })
    .map((rest) => (path: AttributePath) => ({ kind: "membership" as const, path, ...rest })),
);

describe("a clause over an attribute at the top level", () => {
  test.each(["x", "toString", "__proto__"])("says of %s what the same clause says of it one level deeper", (name) => {
    fc.assert(
      fc.property(clauseOver, attribute, (clause, value) => {
        const attributes = Object.fromEntries(value === undefined ? [] : [[name, value]]);
        const shallow = evaluateRule(compileRule(clause([name])), attributes);
        const deep = evaluateRule(compileRule(clause(["inner", name])), { inner: attributes });
        expect(shallow).toBe(deep);
      }),
      { numRuns: 2_000 },
    );
  });
});

import type { JsonObject, JsonValue } from "@lotty/domain";
import { check, parse } from "@lotty/dsl";
import { compileRule, evaluateRule } from "@lotty/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Values that tell all the conditions below apart. */
const VALUES: readonly JsonValue[] = [
  [null, true, false, -1, 0, 1, 1.5, 2, 3, 5],
  ["", "1", "x", "xy", "yx", "y", "1.0.0", "1.0.0+b", "1.5.0", "2.0.0", "2026-01-01", "2026-01-15", "2026-02-01"],
  [[], [1], ["x"], [1, "x", null]],
  [{}, { b: 1 }, { b: 2 }, { b: "x" }],
].flat(1);

const SUBJECTS: readonly JsonObject[] = [{}, ...VALUES.map((a) => ({ a }))];

const LITERALS = ["1", "2", "3", '"x"', '"y"', '"xy"', '""', "TRUE", "FALSE", "NULL"];
const MEANT = ['semver("1.0.0")', 'semver("2.0.0")', 'date("2026-01-01")', 'date("2026-02-01")'];

const literal = fc.constantFrom(...LITERALS, ...MEANT);
const list = fc.array(literal, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`);
const range = fc.constantFrom(
  "1 AND 3",
  "3 AND 1",
  '"x" AND "y"',
  `${MEANT[0]} AND ${MEANT[1]}`,
  `${MEANT[2]} AND ${MEANT[3]}`,
);
const path = fc.constantFrom("a", "a", "a", "a.b");

const condition = fc
  .tuple(
    path,
    fc.oneof(
      fc.tuple(fc.constantFrom("==", "!=", ">", ">=", "<", "<="), literal).map((parts) => parts.join(" ")),
      list.map((items) => `IN ${items}`),
      list.map((items) => `NOT IN ${items}`),
      range.map((ends) => `BETWEEN ${ends}`),
      literal.map((value) => `CONTAINS ${value}`),
      fc.constantFrom('STARTS_WITH "x"', 'ENDS_WITH "y"', 'MATCHES "x"', "EXISTS", "EXISTS"),
    ),
    fc.boolean(),
  )
  .map(([name, test, negated]) => `${negated ? "NOT " : ""}${name} ${test}`);

function joined(connective: "AND" | "OR"): fc.Arbitrary<string> {
  return fc.array(condition, { minLength: 1, maxLength: 4 }).map((conditions) => conditions.join(` ${connective} `));
}

/** Outcomes over all subjects, and the codes of the warnings that are about the whole rule. */
function judge(text: string): { readonly outcomes: ReadonlySet<string>; readonly codes: readonly string[] } {
  const result = parse(text);
  if (!result.ok) throw new Error(`${text}: ${result.diagnostics[0]?.message}`);
  const rule = compileRule(result.rule);
  return {
    outcomes: new Set(SUBJECTS.map((attributes) => evaluateRule(rule, attributes))),
    codes: check(result).map(({ code, range: { start, end } }) =>
      code === "always_matches" && end.offset - start.offset < text.length ? "in part" : code,
    ),
  };
}

describe("what is said about never and always", () => {
  it("is true of conditions that all have to hold", () => {
    let claims = 0;
    const law = fc.property(joined("AND"), (text) => {
      // Under NOT a condition that never holds is one that always does.
      fc.pre(!/NOT a(\.b)? (IN \[\]|BETWEEN (3|semver\("2))/.test(text));
      const { outcomes, codes } = judge(text);
      if (!codes.includes("never_matches")) return;
      claims += 1;
      expect(outcomes).not.toContain("true");
    });
    fc.assert(law, { numRuns: 2_000 });
    expect(claims).toBeGreaterThan(100);
  });

  it("is true of conditions of which one has to hold", () => {
    let claims = 0;
    const law = fc.property(joined("OR"), (text) => {
      const { outcomes, codes } = judge(text);
      // About one condition it says "everyone who has the attribute".
      if (!codes.includes("always_matches") || !text.includes(" OR ")) return;
      claims += 1;
      expect([...outcomes]).toEqual(["true"]);
    });
    fc.assert(law, { numRuns: 4_000 });
    expect(claims).toBeGreaterThan(20);
  });
});

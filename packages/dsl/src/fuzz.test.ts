import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryRule } from "../test/arbitrary-rule.ts";
import { check } from "./check.ts";
import { format } from "./format.ts";
import { parse, parseRule } from "./parse.ts";
import { renderDiagnostic } from "./render-diagnostic.ts";

/** Words that make rules, wrong ones among them. */
const WORDS = [
  ["AND", "or", "NOT", "IN", "CONTAINS", "STARTS_WITH", "MATCHES", "EXISTS", "TRUE", "null", "BETWEEN"],
  ["(", ")", "[", "]", ",", "==", "!=", ">", "<=", "=", "&&", "!", "<>", "=>", "|", "@", "#", "\n", "."],
  ["a", "user.plan", "between", "semver", "date", "attributes", 'a["b"]', "a[", "x-y", ".a", "a.", "is", "not_in"],
  ['"x"', "'y'", '"', "'", "“x”", '"["', "1", "-2.5", "1.", ".5", "1.2.3", "2026-01-01", "1e400", "99999999999999999"],
  ['semver("1.0.0")', 'semver("x")', "semver(1)", 'date("2026-01-01")', "date(", "\u200b", "ü", "😀", "\ud800"],
].flat();

const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((words) => words.join(" "));
const denseSoup = fc.array(fc.constantFrom(...WORDS), { maxLength: 15 }).map((words) => words.join(""));

/** A rule with a few characters replaced, taken out or put in. */
const mutated = fc
  .tuple(
    arbitraryRule,
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...WORDS, "")), { minLength: 1, maxLength: 3 }),
  )
  .map(([rule, edits]) =>
    edits.reduce((text, [at, length, word]) => {
      const offset = at % (text.length + 1);
      return text.slice(0, offset) + word + text.slice(offset + length);
    }, format(rule)),
  );

/** Does all that can be done with a text, and tells what is wrong with the outcome. */
function exercise(text: string): void {
  const result = parse(text);
  if (result.ok) {
    const printed = format(result.rule);
    expect(parse(printed)).toMatchObject({ ok: true, rule: result.rule });
    expect(format(ruleOf(printed))).toBe(printed);
  }
  const diagnostics = result.ok
    ? check(result, { a: "number", "user.plan": "semver", date: "list" })
    : result.diagnostics;
  if (!result.ok) expect(diagnostics.length).toBeGreaterThan(0);
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.range;
    expect(diagnostic.severity).toBe(result.ok ? "warning" : "error");
    expect(start.offset).toBeGreaterThanOrEqual(0);
    expect(end.offset).toBeGreaterThanOrEqual(start.offset);
    expect(end.offset).toBeLessThanOrEqual(text.length);
    expect(renderDiagnostic(text, diagnostic)).toContain(diagnostic.code);
  }
  expect(parseRule(text).ok).toBe(result.ok);
}

function ruleOf(text: string): Parameters<typeof format>[0] {
  const result = parse(text);
  return result.ok ? result.rule : null;
}

describe("any text", { timeout: 30_000 }, () => {
  it("is read or refused with reasons: strings of all characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), exercise), { numRuns: 300 });
  });

  it("is read or refused with reasons: words in any order", () => {
    fc.assert(fc.property(soup, exercise), { numRuns: 1_000 });
  });

  it("is read or refused with reasons: words without spaces", () => {
    fc.assert(fc.property(denseSoup, exercise), { numRuns: 700 });
  });

  it("is read or refused with reasons: rules with slips", () => {
    fc.assert(fc.property(mutated, exercise), { numRuns: 400 });
  });
});

describe("any tree", { timeout: 30_000 }, () => {
  it("comes back the same from its text", () => {
    fc.assert(
      fc.property(arbitraryRule, (rule) => {
        const text = format(rule);
        const result = parse(text);
        expect(result.ok ? result.rule : result.diagnostics).toEqual(rule);
        expect(format(result.ok ? result.rule : null)).toBe(text);
      }),
      { numRuns: 600 },
    );
  });

  it("means the same in any letter case and any spacing of its keywords", () => {
    const keywords = /(?<=^|[ (])(?:AND|OR|NOT|IN|CONTAINS|BETWEEN|EXISTS|TRUE|FALSE|NULL)(?=$|[ )])/g;
    const plain = fc.constantFrom(
      "a == TRUE AND NOT b EXISTS OR c IN [1, 2]",
      "a BETWEEN 1 AND 2 OR NOT (b CONTAINS NULL)",
      "a NOT IN [] AND b == FALSE",
    );
    fc.assert(
      fc.property(plain, fc.infiniteStream(fc.boolean()), fc.infiniteStream(fc.boolean()), (text, lower, space) => {
        const other = text
          .replace(keywords, (word) => (lower.next().value ? word.toLowerCase() : word))
          .replaceAll(" ", () => (space.next().value === true ? "\u0085\n" : "\t"));
        expect(ruleOf(other)).toEqual(ruleOf(text));
      }),
      { numRuns: 100 },
    );
  });
});

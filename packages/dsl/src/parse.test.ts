import type { Rule, RuleClause } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { parse, parseRule } from "./parse.ts";

function ruleOf(text: string | null): Rule | null {
  const result = parse(text);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result.rule;
}

function exists(...path: readonly string[]): RuleClause {
  return { kind: "exists", path };
}

function inList(name: string, value: string): RuleClause {
  return { kind: "membership", path: [name], negated: false, literals: [{ type: "string", value }] };
}

describe("blank rules", () => {
  it.each([null, "", " \t\r\n", "\u00a0\u2003\u3000", "\u001c\u001f\u0085"])("takes %j for the blank rule", (text) => {
    expect(ruleOf(text)).toBeNull();
  });

  it.each(["\ufeff", "\u180e", "\u200b", "# all"])("does not take %j for the blank rule", (text) => {
    expect(parse(text).ok).toBe(false);
  });
});

describe("conditions", () => {
  it.each<[string, Rule]>([
    ['a == "x"', { kind: "comparison", path: ["a"], operator: "==", literal: { type: "string", value: "x" } }],
    ["a != -1.5e1", { kind: "comparison", path: ["a"], operator: "!=", literal: { type: "number", value: -15 } }],
    ["a >= TRUE", { kind: "comparison", path: ["a"], operator: ">=", literal: { type: "boolean", value: true } }],
    ["a<=null", { kind: "comparison", path: ["a"], operator: "<=", literal: { type: "null" } }],
    ["a IN []", { kind: "membership", path: ["a"], negated: false, literals: [] }],
    ["a not in[1]", { kind: "membership", path: ["a"], negated: true, literals: [{ type: "number", value: 1 }] }],
    ["a CONTAINS-5", { kind: "contains", path: ["a"], literal: { type: "number", value: -5 } }],
    ["a STARTS_WITH 'x'", { kind: "text", path: ["a"], operator: "STARTS_WITH", operand: "x" }],
    ["a Ends_With 'x'", { kind: "text", path: ["a"], operator: "ENDS_WITH", operand: "x" }],
    ['a MATCHES "\\d"', { kind: "text", path: ["a"], operator: "MATCHES", operand: "\\d" }],
    ["a EXISTS", exists("a")],
    ['IN SEGMENT "beta"', { kind: "segment", key: "beta", negated: false }],
    ["not in segment 'beta'", { kind: "segment", key: "beta", negated: true }],
    ['NOT NOT IN SEGMENT "b"', { kind: "not", operand: { kind: "segment", key: "b", negated: true } }],
    ['NOT (IN SEGMENT "b")', { kind: "not", operand: { kind: "segment", key: "b", negated: false } }],
    ["segment IN ['segment']", inList("segment", "segment")],
    ["in.segment EXISTS", exists("in", "segment")],
    [
      "a BETWEEN 1 AND-2",
      { kind: "between", path: ["a"], low: { type: "number", value: 1 }, high: { type: "number", value: -2 } },
    ],
    [
      'a >= SemVer ( "2.10.0" )',
      { kind: "comparison", path: ["a"], operator: ">=", literal: { type: "semver", value: "2.10.0" } },
    ],
    [
      "a IN [date('2026-01-01'), 1]",
      {
        kind: "membership",
        path: ["a"],
        negated: false,
        literals: [
          { type: "date", value: "2026-01-01" },
          { type: "number", value: 1 },
        ],
      },
    ],
  ])("reads %s", (text, rule) => {
    expect(ruleOf(text)).toEqual(rule);
  });

  it.each([
    ["age==30AND vip==true", ["age", "vip"]],
    ["a==1 OR b==2", ["a", "b"]],
  ])("needs no space where words cannot run together: %s", (text, paths) => {
    const rule = ruleOf(text);
    const operands = rule?.kind === "and" || rule?.kind === "or" ? rule.operands : [];
    expect(operands.map((operand) => (operand.kind === "comparison" ? operand.path[0] : ""))).toEqual(paths);
  });

  it("reads -0 as 0", () => {
    expect(ruleOf("a == -0")).toMatchObject({ literal: { value: 0 } });
  });

  it("reads a number beyond the largest one as infinite", () => {
    expect(ruleOf("a == -1e400")).toMatchObject({ literal: { value: -Infinity } });
  });

  it.each([
    ['"it\'s"', "it's"],
    ["'it\\'s'", "it's"],
    ['"\\""', '"'],
    ['"\\\\"', "\\"],
    ['"\\d\\n"', "\\d\\n"],
    ['"\\\\d"', "\\d"],
    ['"two\nlines"', "two\nlines"],
    ['"# no comment"', "# no comment"],
    ['""', ""],
  ])("reads the text %s", (quoted, value) => {
    expect(ruleOf(`a == ${quoted}`)).toMatchObject({ literal: { type: "string", value } });
  });
});

describe("paths", () => {
  it.each([
    ["user.plan.name", ["user", "plan", "name"]],
    ["user.in", ["user", "in"]],
    ["and.x", ["and", "x"]],
    ["android", ["android"]],
    ["between", ["between"]],
    ["semver.x", ["semver", "x"]],
    ["date", ["date"]],
    ["attributes", ["attributes"]],
    ["attributes.x", ["attributes", "x"]],
    ['attributes["weird key"]', ["weird key"]],
    ["attributes['and'].b", ["and", "b"]],
    ['attributes["attributes"]["x"]', ["attributes", "x"]],
    ['Attributes["x"]', ["Attributes", "x"]],
    ['a["b"].c', ["a", "b", "c"]],
    ['a["]"]["\\"\\\\"].d["e.f"]', ["a", "]", '"\\', "d", "e.f"]],
    ['a.attributes["x"]', ["a", "attributes", "x"]],
    ['a[""]', ["a", ""]],
  ])("reads %s", (text, path) => {
    expect(ruleOf(`${text} EXISTS`)).toEqual(exists(...path));
  });

  it("keeps BETWEEN usable as a name and as an operator at once", () => {
    expect(ruleOf("between BETWEEN 1 AND 2 AND between EXISTS")).toMatchObject({
      kind: "and",
      operands: [{ kind: "between", path: ["between"] }, exists("between")],
    });
  });

  it.each(["country. == 1", ".country == 1", "a . b EXISTS", "a..b EXISTS", 'a ["b"] EXISTS', 'a.["b"] EXISTS'])(
    "refuses %s",
    (text) => {
      expect(parse(text).ok).toBe(false);
    },
  );
});

describe("connectives", () => {
  const [a, b, c] = [exists("a"), exists("b"), exists("c")];

  it.each<[string, Rule]>([
    ["a EXISTS AND b EXISTS AND c EXISTS", { kind: "and", operands: [a, b, c] }],
    ["a EXISTS OR b EXISTS AND c EXISTS", { kind: "or", operands: [a, { kind: "and", operands: [b, c] }] }],
    ["(a EXISTS OR b EXISTS) AND c EXISTS", { kind: "and", operands: [{ kind: "or", operands: [a, b] }, c] }],
    ["a EXISTS AND (b EXISTS AND c EXISTS)", { kind: "and", operands: [a, { kind: "and", operands: [b, c] }] }],
    ["NOT a EXISTS AND b EXISTS", { kind: "and", operands: [{ kind: "not", operand: a }, b] }],
    ["NOT NOT a EXISTS", { kind: "not", operand: { kind: "not", operand: a } }],
    ["((a EXISTS))", a],
    ["a EXISTS # first\n  OR b EXISTS # second", { kind: "or", operands: [a, b] }],
  ])("reads %s", (text, rule) => {
    expect(ruleOf(text)).toEqual(rule);
  });
});

describe("places", () => {
  it("knows where a condition, its attribute and its values stand", () => {
    const text = 'NOT (age > 1 OR\n  b IN [ 1, "x" ])';
    const result = parse(text);
    if (!result.ok || result.rule?.kind !== "not" || result.rule.operand.kind !== "or") throw new Error("not read");
    const list = result.rule.operand.operands[1];
    const spans = list === undefined ? undefined : result.source.spans.get(list);
    const cut = (span?: { readonly start: number; readonly end: number }): string => text.slice(span?.start, span?.end);
    expect([cut(spans?.whole), cut(spans?.path), ...(spans?.values ?? []).map(cut)]).toEqual([
      'b IN [ 1, "x" ]',
      "b",
      "1",
      '"x"',
    ]);
    expect(cut(result.source.spans.get(result.rule)?.whole)).toBe(text);
  });
});

describe("parseRule", () => {
  it("gives the tree alone", () => {
    expect(parseRule("a EXISTS")).toEqual({ ok: true, rule: exists("a") });
  });

  it("gives the first fault as one line with its place", () => {
    expect(parseRule("a == 1 AND\n b =")).toEqual({
      ok: false,
      message: "Line 2, column 4: `=` means nothing in rules.",
    });
  });
});

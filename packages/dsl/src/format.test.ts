import { isLottyError, type Rule, type RuleClause } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { format } from "./format.ts";
import { parse } from "./parse.ts";

function reformat(text: string): string {
  const result = parse(text);
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return format(result.rule);
}

describe("format", () => {
  it.each([
    ["a=='x'", 'a == "x"'],
    ["a in ['x',2,true,null]", 'a IN ["x", 2, TRUE, NULL]'],
    ["a not  in[]", "a NOT IN []"],
    ["a between 1 and 2", "a BETWEEN 1 AND 2"],
    ["a > SEMVER( '1.0.0' )", 'a > semver("1.0.0")'],
    ["a > date('2026-01-01')", 'a > date("2026-01-01")'],
    ["a exists # why", "a EXISTS"],
    ["not (a exists)", "NOT a EXISTS"],
    ["not (not a exists)", "NOT NOT a EXISTS"],
    ["not (a exists and b exists)", "NOT (a EXISTS AND b EXISTS)"],
    ["(a exists and b exists) or c exists", "a EXISTS AND b EXISTS OR c EXISTS"],
    ["a exists and (b exists or c exists)", "a EXISTS AND (b EXISTS OR c EXISTS)"],
    ["a exists or (b exists or c exists)", "a EXISTS OR (b EXISTS OR c EXISTS)"],
    ["(not a exists) and b exists", "NOT a EXISTS AND b EXISTS"],
    ["in  segment 'b \"c\"'", 'IN SEGMENT "b \\"c\\""'],
    ["not in segment 'b'", 'NOT IN SEGMENT "b"'],
    ["not (in segment 'b')", 'NOT (IN SEGMENT "b")'],
    ["not (not in segment 'b')", 'NOT NOT IN SEGMENT "b"'],
    ["a == 007.50e1", "a == 75"],
    ["a == 1e400", "a == 1e999"],
    ["a == -0", "a == 0"],
    ["a MATCHES '\\d\"\\\\'", 'a MATCHES "\\d\\"\\\\"'],
    [" \n", ""],
  ])("prints %j as %j", (text, printed) => {
    expect(reformat(text)).toBe(printed);
  });

  it.each([
    ["a['b'].c EXISTS", "a.b.c EXISTS"],
    ["attributes['a'] EXISTS", "a EXISTS"],
    ["attributes['and'] EXISTS", 'attributes["and"] EXISTS'],
    ["attributes['and'].b EXISTS", "and.b EXISTS"],
    ["attributes['and']['b c'] EXISTS", 'attributes["and"]["b c"] EXISTS'],
    ["attributes['attributes']['b c'] EXISTS", 'attributes["attributes"]["b c"] EXISTS'],
    ["attributes['attributes']['b'] EXISTS", "attributes.b EXISTS"],
    ["attributes['weird key'].b EXISTS", 'attributes["weird key"].b EXISTS'],
  ])("prints the path of %s as short as it goes: %s", (text, printed) => {
    expect(reformat(text)).toBe(printed);
  });

  it("prints trees of any depth without overflowing the stack", () => {
    let rule: Rule = { kind: "exists", path: ["a"] };
    for (let depth = 0; depth < 100_000; depth += 1) rule = { kind: "not", operand: rule };
    expect(format(rule)).toBe(`${"NOT ".repeat(100_000)}a EXISTS`);
  });

  const clause: RuleClause = { kind: "exists", path: ["a"] };

  it.each<[string, Rule]>([
    ["and of one operand", { kind: "and", operands: [clause] }],
    ["or of none", { kind: "or", operands: [] }],
    ["an empty path", { kind: "exists", path: [] }],
    ["a number that is none", { kind: "contains", path: ["a"], literal: { type: "number", value: Number.NaN } }],
    ["a version that is none", { kind: "contains", path: ["a"], literal: { type: "semver", value: "1" } }],
    ["ends without an order", { kind: "between", path: ["a"], low: { type: "null" }, high: { type: "null" } }],
  ])("refuses %s, which no text means", (_, rule) => {
    let code: unknown;
    try {
      format(rule);
    } catch (error) {
      code = isLottyError(error) ? error.code : error;
    }
    expect(code).toBe("invalid_request");
  });
});

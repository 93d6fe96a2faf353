import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { format } from "./format.ts";
import { parse } from "./parse.ts";

interface TargetingVectors {
  readonly cases: readonly { readonly id: string; readonly rules: string | null; readonly stage: string }[];
}

const file = new URL("../../engine/vectors/targeting.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as TargetingVectors;
const byStage = Map.groupBy(cases, ({ stage }) => stage);

function rulesOf(stage: string): readonly (string | null)[] {
  return (byStage.get(stage) ?? []).map(({ rules }) => rules);
}

describe("the reference's vectors", () => {
  it("has cases of every stage", () => {
    expect([...byStage.keys()].toSorted()).toEqual([
      "blank",
      "evaluated",
      "evaluation_error",
      "lexer_error",
      "parser_error",
    ]);
  });

  it.each(rulesOf("blank"))("takes %j for the blank rule", (text) => {
    expect(parse(text)).toMatchObject({ ok: true, rule: null });
  });

  it.each([...rulesOf("evaluated"), ...rulesOf("evaluation_error")])("reads %j, and again as printed", (text) => {
    const result = parse(text);
    if (!result.ok) throw new Error(result.diagnostics[0]?.message);
    expect(result.rule).not.toBeNull();
    expect(parse(format(result.rule))).toMatchObject({ ok: true, rule: result.rule });
  });

  it.each([...rulesOf("lexer_error"), ...rulesOf("parser_error")])("refuses %j with a reason", (text) => {
    const result = parse(text);
    expect(result.ok).toBe(false);
    expect(result.ok ? [] : result.diagnostics).not.toHaveLength(0);
  });
});

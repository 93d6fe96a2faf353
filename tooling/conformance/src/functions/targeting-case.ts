import { isJsonObject } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileRule, evaluateRule } from "@lotty/engine";
import type { VectorCase } from "../vector-files.ts";
import type { Comparison } from "./function-runner.ts";

/** `targeting`: a rule on attributes, with the stage at which it ended. Lexer and parser errors count as one stage. */
export function targetingCase(vector: VectorCase): Comparison {
  const { attributes, matches, rules, stage } = vector;
  const expectedStage = stage === "lexer_error" || stage === "parser_error" ? "syntax_error" : stage;
  const expected = { matches, stage: expectedStage };
  const parsed = typeof rules === "string" ? parseRule(rules) : { ok: true as const, rule: null };
  if (!parsed.ok) return { actual: { matches: false, stage: "syntax_error" }, expected };
  const result = evaluateRule(compileRule(parsed.rule), isJsonObject(attributes) ? attributes : {});
  const reached = parsed.rule === null ? "blank" : result === "error" ? "evaluation_error" : "evaluated";
  return { actual: { matches: result === "true", stage: reached }, expected };
}

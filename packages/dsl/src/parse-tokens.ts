import type { IToken } from "chevrotain";
import { deepestToken } from "./nesting.ts";
import { RuleGrammar, type ParsedTokens } from "./rule-grammar.ts";

/**
 * Most steps that recovery may take: at each open rule it compares each following token with all that could go on
 * there, about 30 ns per token and square of the depth.
 */
const RECOVERY_BUDGET = 5_000_000;

let strict: RuleGrammar | undefined;
let tolerant: RuleGrammar | undefined;

/** Reads tokens that are within the limits into a tree, and gives up at the first error. Linear. */
export function parseStrictly(tokens: readonly IToken[]): ParsedTokens {
  strict ??= new RuleGrammar(false);
  return strict.read(tokens);
}

/**
 * Reads tokens that are within the limits, and goes on after errors to find further ones. Where that would take too
 * long it stops at the first error after all.
 */
export function parseTolerantly(tokens: readonly IToken[]): ParsedTokens {
  const { depth } = deepestToken(tokens);
  if (tokens.length * depth ** 2 > RECOVERY_BUDGET) return parseStrictly(tokens);
  tolerant ??= new RuleGrammar(true);
  return tolerant.read(tokens);
}

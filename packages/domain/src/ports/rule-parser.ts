import type { ParsedRule } from "../rule.ts";

/** Turns rule text into a tree. Never throws. */
export type RuleParser = (text: string) => ParsedRule;

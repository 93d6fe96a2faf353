import { countClauses, SEGMENT_LIMITS, segmentsNamedIn, type Rule, type RuleParser } from "@lotty/domain";
import type { CompiledSegments } from "./compile-segments.ts";
import { compileRule, type CompiledRule } from "./rules/compile-rule.ts";

/** A rule made ready to be asked, or why it cannot be. */
export type CompiledTargeting = CompiledRule | { readonly fault: string };

/** What the rules of a configuration are compiled with. */
export interface RuleSurroundings {
  readonly parseRule: RuleParser;
  readonly segments: CompiledSegments;
  /** Whether the segments are those of the earlier revision, whose rules may be taken over. */
  readonly segmentsKept: boolean;
}

/** A rule of an earlier revision. */
export interface EarlierTargeting {
  readonly text: string | null;
  readonly targeting: CompiledTargeting;
}

/** Compiles the text of a rule; `null` and blank text take everyone. One that has not changed is taken over. */
export function compileTargeting(
  text: string | null,
  surroundings: RuleSurroundings,
  earlier?: EarlierTargeting,
): CompiledTargeting {
  if (earlier !== undefined && earlier.text === text && meansTheSame(earlier.targeting, surroundings)) {
    return earlier.targeting;
  }
  if (text === null) return compileRule(null);
  const parsed = surroundings.parseRule(text);
  return parsed.ok ? compileWithSegments(parsed.rule, surroundings.segments) : { fault: parsed.message };
}

function meansTheSame(targeting: CompiledTargeting, { segmentsKept }: RuleSurroundings): boolean {
  return segmentsKept || (!("fault" in targeting) && segmentsNamedIn(targeting.rule).length === 0);
}

function compileWithSegments(rule: Rule | null, segments: CompiledSegments): CompiledTargeting {
  const namesSome = segmentsNamedIn(rule).length > 0;
  if (namesSome && countClauses(rule, segments.clauses) > SEGMENT_LIMITS.clauses) {
    return { fault: `With its segments, the rule has more than ${SEGMENT_LIMITS.clauses} conditions.` };
  }
  return compileRule(rule, segments.tests);
}

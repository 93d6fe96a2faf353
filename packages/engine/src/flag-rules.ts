import { FULL_ALLOCATION, type Flag, type FlagRule, type Subject } from "@lotty/domain";
import { bucketOfText } from "#sha256";
import { bucketSuffix, notEncodable } from "./bucket.ts";
import { compileTargeting, type CompiledTargeting, type RuleSurroundings } from "./compile-targeting.ts";
import type { Outcome, RuleFault } from "./outcome.ts";
import { ERROR, TRUE } from "./rules/truth.ts";

/** A rule of a flag made ready to be asked. */
export interface CompiledFlagRule {
  readonly rule: FlagRule;
  readonly targeting: CompiledTargeting;
  /** Part of the hashed text that draws the rollout. */
  readonly rolloutSuffix: string;
}

/** The rules of a flag made ready to be asked. */
export interface CompiledFlagRules {
  /** In the order in which they are asked. */
  readonly rules: readonly CompiledFlagRule[];
  /**
   * What outcomes become by a rule, made when first needed and then shared: by the outcome, then at {@link placeOf} the rule
   * and the fault. Bounded by the outcomes that the flag has.
   */
  readonly outcomes: Map<Outcome, Outcome[]>;
}

/** Compiles the rules of a flag; `null` when there is none to be asked. Rules of an unchanged earlier revision are taken over. */
export function compileFlagRules(
  flag: Flag,
  surroundings: RuleSurroundings,
  previous: CompiledFlagRules | null = null,
): CompiledFlagRules | null {
  if (!flag.enabled || flag.rules.length === 0) return null;
  const earlier = new Map(previous?.rules.map((each) => [each.rule.id, each]));
  const rules = flag.rules.map((rule): CompiledFlagRule => {
    const before = earlier.get(rule.id);
    const targeting = compileTargeting(
      rule.targetingRules,
      surroundings,
      before && { text: before.rule.targetingRules, targeting: before.targeting },
    );
    return { rule, targeting, rolloutSuffix: bucketSuffix(rule.id, "rollout") };
  });
  return { rules, outcomes: new Map() };
}

/**
 * What an outcome becomes by the rules of its flag: where it gives the default value, the first rule that takes the subject
 * gives its value instead. The reason stays. A rule that cannot be used is passed over.
 *
 * @throws LottyError `subject_not_encodable` where a rollout has to be drawn
 */
export function applyFlagRules(rules: CompiledFlagRules | null, outcome: Outcome, subject: Subject): Outcome {
  // Small enough to be inlined: most flags have no rules, and pay for this line only.
  return rules === null || outcome.variant !== null ? outcome : askRules(rules, outcome, subject);
}

function askRules(rules: CompiledFlagRules, outcome: Outcome, subject: Subject): Outcome {
  let fault: RuleFault | null = null;
  for (let index = 0; index < rules.rules.length; index += 1) {
    const each = rules.rules[index];
    if (each === undefined) break;
    const verdict = askRule(each, subject);
    if (verdict === "gives") return sharedOutcome(rules, outcome, placeOf(index, fault));
    if (verdict === "parse" || verdict === "evaluation") fault ??= verdict;
  }
  return fault === null ? outcome : sharedOutcome(rules, outcome, placeOf(NO_RULE, fault));
}

/** How a rule comes out for a subject: `not_meant` by its targeting, `outside_rollout`, or why it cannot be used. */
export type FlagRuleVerdict = "gives" | "not_meant" | "outside_rollout" | RuleFault;

/** Asks one rule. */
export function askRule(rule: CompiledFlagRule, subject: Subject): FlagRuleVerdict {
  const { targeting } = rule;
  if ("fault" in targeting) return "parse";
  const result = targeting.test(subject.attributes);
  if (result !== TRUE) return result === ERROR ? "evaluation" : "not_meant";
  const { rollout } = rule.rule;
  // At 100.00 % and at 0 the bucket has no say and is not drawn.
  if (rollout >= FULL_ALLOCATION) return "gives";
  return rollout > 0 && rolloutBucket(rule, subject.id) < rollout ? "gives" : "outside_rollout";
}

/**
 * The bucket that decides about a rollout: 0 to 9999. Its salt is the rule's own id, so it says nothing about other rules or
 * about experiments.
 *
 * @throws LottyError `subject_not_encodable`
 */
export function rolloutBucket(rule: CompiledFlagRule, subjectId: string): number {
  if (!subjectId.isWellFormed()) throw notEncodable();
  return bucketOfText(subjectId + rule.rolloutSuffix);
}

/** Stands for the place of a rule where none gives the value. */
const NO_RULE = -1;

/** Faults that were met on the way to an outcome, by the last part of its place. */
const FAULTS: readonly (RuleFault | null)[] = [null, "parse", "evaluation"];

/** Where the outcome of a rule and of the first fault before it is kept. */
function placeOf(index: number, fault: RuleFault | null): number {
  return (index + 1) * FAULTS.length + (fault === null ? 0 : fault === "parse" ? 1 : 2);
}

function sharedOutcome(rules: CompiledFlagRules, outcome: Outcome, place: number): Outcome {
  return rules.outcomes.get(outcome)?.[place] ?? makeOutcome(rules, outcome, place);
}

function makeOutcome(rules: CompiledFlagRules, outcome: Outcome, place: number): Outcome {
  const flagRule = rules.rules[Math.floor(place / FAULTS.length) - 1]?.rule ?? null;
  const value = flagRule === null ? outcome.value : flagRule.value;
  const flagRuleFault = FAULTS[place % FAULTS.length] ?? null;
  const made = Object.freeze({ ...outcome, value, flagRule, flagRuleFault });
  const all = rules.outcomes.get(outcome) ?? [];
  all[place] = made;
  rules.outcomes.set(outcome, all);
  return made;
}

import type { Flag, FlagRule } from "@lotty/domain";
import type { FlagDefinition, FlagRuleDefinition } from "./definitions.ts";
import { sameJson } from "./difference.ts";

/** A rule whose id is known. */
export type IdentifiedRule = FlagRuleDefinition & { readonly id: string };

/** A flag all of whose rules have ids. */
export interface IdentifiedFlag extends FlagDefinition {
  readonly rules: readonly IdentifiedRule[];
}

/** When a rule in a file is taken for a stored one, the surest sign first. */
const SIGNS: readonly ((wanted: FlagRuleDefinition, stored: FlagRule) => boolean)[] = [
  (wanted, stored) => hasCondition(wanted, stored) && hasValue(wanted, stored),
  hasCondition,
  hasValue,
];

/**
 * Finds the ids of the rules that a file states without. A rule is the stored one with the same condition and value, else
 * one with the same condition, else one with the same value; then it keeps its id, and with it the subjects of its rollout,
 * wherever it has moved. Otherwise it is a new one.
 *
 * @param newId makes the id of a new rule, given its place from 0
 */
export function identifyRules(
  wanted: FlagDefinition,
  stored: Flag | undefined,
  newId: (place: number) => string,
): IdentifiedFlag {
  const found = wanted.rules.map(({ id }) => id);
  const stated = new Set(found);
  const left = new Set(stored?.rules.filter(({ id }) => !stated.has(id)));
  for (const isSame of SIGNS) {
    for (const [place, rule] of wanted.rules.entries()) {
      const match = found[place] === null ? [...left].find((candidate) => isSame(rule, candidate)) : undefined;
      if (match === undefined) continue;
      found[place] = match.id;
      left.delete(match);
    }
  }
  return { ...wanted, rules: wanted.rules.map((rule, place) => ({ ...rule, id: found[place] ?? newId(place) })) };
}

function hasCondition(wanted: FlagRuleDefinition, stored: FlagRule): boolean {
  return wanted.if === stored.targetingRules;
}

function hasValue(wanted: FlagRuleDefinition, stored: FlagRule): boolean {
  return sameJson(wanted.value, stored.value);
}

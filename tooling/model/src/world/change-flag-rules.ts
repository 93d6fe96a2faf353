import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { ModelDefinitions, ModelFlag, ModelFlagRule } from "../oracle/configuration.ts";
import type { DefinitionsChange } from "./definitions-change.ts";
import { randomFlagRule, randomRollout } from "./random-flag-rule.ts";
import { randomRule } from "./random-rule.ts";
import { randomValue } from "./random-value.ts";

const MOST_RULES = 4;

/** A rule of a flag comes, goes, moves, or gets another value, condition or rollout. */
export function changeFlagRules(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const chosen = random.pick(definitions.flags);
  const before = chosen.rules ?? [];
  const segments = definitions.segments.map(({ key }) => key);
  const comes = before.length === 0 || (before.length < MOST_RULES && random.next() < 0.3);
  const rules = comes
    ? before.toSpliced(random.between(0, before.length), 0, randomFlagRule(chosen, random, segments))
    : changeOne(before, chosen, { random, segments });
  const flags = definitions.flags.map((flag) => (flag === chosen ? { ...flag, rules } : flag));
  return { definitions: { ...definitions, flags }, what: `a rule of ${chosen.key}${comes ? " comes" : ""}` };
}

function changeOne(
  rules: readonly ModelFlagRule[],
  flag: ModelFlag,
  { random, segments }: { readonly random: SeededRandom; readonly segments: readonly string[] },
): readonly ModelFlagRule[] {
  const rule = random.pick(rules);
  const others = rules.filter((each) => each !== rule);
  const put = (changed: ModelFlagRule): readonly ModelFlagRule[] =>
    rules.map((each) => (each === rule ? changed : each));
  switch (random.pick(["goes", "moves", "value", "condition", "rollout", "rollout"] as const)) {
    case "goes":
      return others;
    case "moves":
      return others.toSpliced(random.between(0, others.length), 0, rule);
    case "value":
      return put({ ...rule, value: randomValue(flag, random) });
    case "condition":
      return put({ ...rule, rule: randomRule(random, segments) });
    case "rollout":
      return put({ ...rule, rollout: randomRollout(random) });
  }
}

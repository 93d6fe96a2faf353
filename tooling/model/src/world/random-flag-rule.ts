import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { ModelFlag, ModelFlagRule } from "../oracle/configuration.ts";
import { randomRule } from "./random-rule.ts";
import { randomValue } from "./random-value.ts";
import { seededId } from "./seeded-id.ts";

/** A rule that gives a value of its flag's type. */
export function randomFlagRule(flag: ModelFlag, random: SeededRandom, segments: readonly string[]): ModelFlagRule {
  return {
    id: seededId(random),
    rule: randomRule(random, segments),
    value: randomValue(flag, random),
    rollout: randomRollout(random),
  };
}

/** Mostly some, often everybody, sometimes nobody. */
export function randomRollout(random: SeededRandom): number {
  const dice = random.next();
  if (dice < 0.3) return 10_000;
  return dice < 0.35 ? 0 : random.between(1, 9_999);
}

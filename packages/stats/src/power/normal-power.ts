import { normalCdf, normalUpperQuantile } from "../distributions/normal.ts";
import { checkNumbers, invalidInput } from "../input/check-input.ts";
import { findRoot } from "../numerics/find-root.ts";

/** The test that is planned. */
export interface PlannedTest {
  /** Probability of a false alarm over all comparisons, above 0 and below 1. */
  readonly alpha: number;
  /** 1 for a one-sided test, 2 (the default) for a two-sided one. */
  readonly sides?: 1 | 2;
  /** Treatments that share alpha equally, ≥ 1; 1 by default. */
  readonly comparisons?: number;
}

/** The z-value that the planned test asks for. */
export function criticalValue({ alpha, sides = 2, comparisons = 1 }: PlannedTest): number {
  checkNumbers("probability", { alpha });
  checkNumbers("count", { comparisons });
  if (comparisons < 1) throw invalidInput("comparisons has to be at least 1.");
  return normalUpperQuantile(alpha / comparisons / sides);
}

/** Probability that a test rejects when the effect is `effect` standard errors: for two sides, on the wrong one, too. */
export function powerAt(effect: number, test: PlannedTest): number {
  const critical = criticalValue(test);
  const upper = normalCdf(effect - critical);
  return test.sides === 1 ? upper : upper + normalCdf(-effect - critical);
}

/**
 * How many standard errors an effect has to be for the test to find it with probability `power`.
 *
 * @throws LottyError `invalid_request` when even no effect is found as often as that
 */
export function effectFor(power: number, test: PlannedTest): number {
  checkNumbers("probability", { power });
  if (powerAt(0, test) >= power) throw invalidInput("power has to be above alpha.");
  // Without the far side the power is a little less, so the effect that it asks for is a little more.
  const oneSided = criticalValue(test) - normalUpperQuantile(power);
  if (test.sides === 1) return oneSided;
  return findRoot((effect) => power - powerAt(effect, test), { low: 0, high: Math.max(oneSided, 0) + 1 });
}

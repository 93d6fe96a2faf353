import { checkNumbers, invalidInput } from "../input/check-input.ts";
import { normalUpperQuantile } from "../distributions/normal.ts";
import { findRoot } from "../numerics/find-root.ts";
import { AT_START, continueBeyond, crossingProbability } from "./crossing.ts";

/** A classical test with equally spaced looks. */
export interface ClassicalPlan {
  /** Number of looks, 1 to 1000. */
  readonly looks: number;
  /** Two-sided error over all looks, above 0 and below 1. */
  readonly alpha: number;
  readonly type: "obrien_fleming" | "pocock";
}

/** Bounds of a classical test. */
export interface ClassicalBounds {
  /** The bound of the last look. */
  readonly constant: number;
  readonly zBounds: readonly number[];
}

const MOST_LOOKS = 1_000;

/**
 * The bounds of O'Brien and Fleming's (1979) and Pocock's (1977) tests: C (k/K)^(Δ - ½) with Δ = 0 and ½. For looks that were
 * planned and not moved; {@link groupSequentialBounds} takes any.
 *
 * Source: Wang & Tsiatis (1987) for the family; Jennison & Turnbull (2000), tables 2.1 and 2.3, for the constants.
 *
 * @throws LottyError `invalid_request`
 */
export function classicalBounds({ looks, alpha, type }: ClassicalPlan): ClassicalBounds {
  checkNumbers("probability", { alpha });
  checkNumbers("count", { looks });
  if (looks < 1 || looks > MOST_LOOKS) throw invalidInput(`looks have to be from 1 to ${String(MOST_LOOKS)}.`);
  const fractions = Array.from({ length: looks }, (_, index) => (index + 1) / looks);
  const shape = type === "pocock" ? 0 : -0.5;
  const boundsWith = (constant: number): readonly number[] => fractions.map((t) => constant * t ** shape);
  const target = Math.log(alpha / 2);
  const single = normalUpperQuantile(alpha / 2);
  const constant = findRoot((c) => Math.log(everCrossed(fractions, boundsWith(c))) - target, {
    low: single,
    // Bonferroni's bound at every look spends at most alpha.
    high: normalUpperQuantile(alpha / 2 / looks),
  });
  return { constant, zBounds: boundsWith(constant) };
}

/** Probability that the upper bound is the first to be crossed, at whichever look. */
function everCrossed(fractions: readonly number[], bounds: readonly number[]): number {
  let state = AT_START;
  let crossed = 0;
  for (const [index, t] of fractions.entries()) {
    const z = bounds[index] ?? 0;
    crossed += crossingProbability(state, t, z);
    const next = fractions[index + 1];
    if (next !== undefined) state = continueBeyond(state, { t, z, next });
  }
  return crossed;
}

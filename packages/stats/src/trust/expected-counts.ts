import { checkEach, checkSameLength } from "../input/check-input.ts";
import { differenceOfProducts } from "../numerics/difference-of-products.ts";

/** An arm's count beside the count that its weight promises. */
export interface CountDeviation {
  readonly count: number;
  readonly expected: number;
  /** count - expected, with the digits that subtracting would lose. */
  readonly difference: number;
  /** The weight as a share of all weights. */
  readonly share: number;
}

/**
 * Compares counts with their expectation under the weights, arm by arm. O(arms²).
 *
 * @throws LottyError `invalid_request` for negative or broken weights, or lists of different lengths
 */
export function deviationsFrom(weights: readonly number[], counts: readonly number[]): readonly CountDeviation[] {
  checkSameLength({ counts, weights });
  checkEach("not negative", "weights", weights);
  const allWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, own) => {
    const weight = weights[own] ?? 0;
    // count·Σw - w·Σcounts, pair by pair: each term is exact, and only what remains of them is divided.
    const difference = counts.reduce(
      (sum, other, index) => sum + differenceOfProducts([count, weights[index] ?? 0], [other, weight]),
      0,
    );
    // Without any weight nothing is expected anywhere.
    if (allWeight === 0) return { count, expected: 0, difference: count, share: 0 };
    const share = weight / allWeight;
    return { count, expected: total * share, difference: difference / allWeight, share };
  });
}

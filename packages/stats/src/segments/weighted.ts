import { checkEach, checkSameLength } from "../input/check-input.ts";

/** Estimates of one thing, or of things that may differ, with their standard errors. */
export interface Estimates {
  readonly estimates: readonly number[];
  /** > 0, one per estimate. */
  readonly ses: readonly number[];
}

/** An estimate with how much it counts. */
export interface Weighted {
  readonly estimate: number;
  readonly weight: number;
}

/**
 * Pairs estimates with the inverse of their variances.
 *
 * @param extra variance on top of each estimate's own
 * @throws LottyError `invalid_request`
 */
export function weighByPrecision({ estimates, ses }: Estimates, extra = 0): readonly Weighted[] {
  checkSameLength({ estimates, ses });
  checkEach("finite", "estimates", estimates);
  checkEach("positive", "ses", ses);
  return estimates.map((estimate, index) => ({ estimate, weight: 1 / ((ses[index] ?? 0) ** 2 + extra) }));
}

/** Sum of the weights. */
export function totalWeight(values: readonly { readonly weight: number }[]): number {
  return values.reduce((sum, { weight }) => sum + weight, 0);
}

/** Weighted mean. */
export function weightedMean(values: readonly Weighted[]): number {
  return values.reduce((sum, { estimate, weight }) => sum + weight * estimate, 0) / totalWeight(values);
}

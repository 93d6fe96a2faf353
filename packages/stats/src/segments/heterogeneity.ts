import { chiSquaredLogSf } from "../distributions/chi-squared.ts";
import { pValueOf, type PValue } from "../distributions/p-value.ts";
import { totalWeight, weighByPrecision, weightedMean, type Estimates, type Weighted } from "./weighted.ts";

/** What estimates of segments or of experiments have in common, and how much they differ. */
export type Heterogeneity =
  | {
      readonly status: "ok";
      /** The common effect if there is only one. */
      readonly fixedEffect: number;
      readonly fixedSe: number;
      /** Cochran's Q: weighted squared distances from the fixed effect. */
      readonly q: number;
      /** Estimates less one. */
      readonly df: number;
      /** How often one common effect gives a larger Q; `null` for a single estimate. */
      readonly test: PValue | null;
      /** Share of the differences that is more than noise, 0 to 1. */
      readonly i2: number;
      /** Variance of the true effects by DerSimonian and Laird. */
      readonly tau2: number;
      /** Mean of the true effects if they differ. */
      readonly randomEffect: number;
      readonly randomSe: number;
      /** Each estimate pulled towards the mean as far as its noise asks for: empirical Bayes. */
      readonly shrunk: readonly number[];
    }
  | { readonly status: "no_data" };

/**
 * Whether an effect differs between segments, and what each segment's effect most likely is.
 *
 * Source: Cochran (1954), Higgins & Thompson (2002), DerSimonian & Laird (1986), Morris (1983).
 *
 * @throws LottyError `invalid_request`
 */
export function heterogeneity(segments: Estimates): Heterogeneity {
  const fixed = weighByPrecision(segments);
  if (fixed.length === 0) return { status: "no_data" };
  const fixedEffect = weightedMean(fixed);
  const q = fixed.reduce((sum, { estimate, weight }) => sum + weight * (estimate - fixedEffect) ** 2, 0);
  const df = fixed.length - 1;
  // A single estimate differs from itself by rounding only.
  const excess = df === 0 ? 0 : Math.max(0, q - df);
  const tau2 = excess === 0 ? 0 : excess / spreadOf(fixed);
  const random = weighByPrecision(segments, tau2);
  const randomEffect = weightedMean(random);
  return {
    status: "ok",
    fixedEffect,
    fixedSe: 1 / Math.sqrt(totalWeight(fixed)),
    q,
    df,
    test: df === 0 ? null : pValueOf(chiSquaredLogSf(q, df)),
    i2: excess === 0 ? 0 : excess / q,
    tau2,
    randomEffect,
    randomSe: 1 / Math.sqrt(totalWeight(random)),
    shrunk: random.map(({ estimate, weight }) => randomEffect + tau2 * weight * (estimate - randomEffect)),
  };
}

/** Σw - Σw²/Σw, as twice the sum of the products of all pairs, which does not cancel when one weight is most of all. */
function spreadOf(values: readonly Weighted[]): number {
  let before = 0;
  let pairs = 0;
  for (const { weight } of values) {
    pairs += weight * before;
    before += weight;
  }
  return (2 * pairs) / before;
}

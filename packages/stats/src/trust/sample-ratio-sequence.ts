import { deviance } from "../distributions/deviance.ts";
import { pValueOf, type PValue } from "../distributions/p-value.ts";
import { stirlingError } from "../distributions/stirling.ts";
import { checkEach, checkNumbers, checkSameLength } from "../input/check-input.ts";
import { deviationsFrom, type CountDeviation } from "./expected-counts.ts";
import { untestableCounts } from "./test-sample-ratio.ts";

/** What {@link sampleRatioSequence} looks at. */
export interface RatioLooks {
  /** New subjects per arm at each look. */
  readonly looks: readonly (readonly number[])[];
  /** Shares that were meant, relative to the sum of all, ≥ 0. */
  readonly weights: readonly number[];
  /** How many subjects' worth of belief the alternative has that shares are near the weights, > 0; 10 000 by default. */
  readonly concentration?: number;
}

/** The evidence up to and with a look. */
export type RatioLook =
  | (PValue & {
      readonly status: "ok";
      /** ln of the Bayes factor of a wrong split against the right one. */
      readonly logBayesFactor: number;
    })
  /** An arm without a weight has subjects, which is wrong whatever the others have. */
  | { readonly status: "unexpected_variant" };

const DEFAULT_CONCENTRATION = 10_000;

/**
 * A test of the split that may be looked at as often as one likes: its p-value, which never rises, goes below a level at any
 * time with at most that probability. It begins at 1: without subjects, or with a single arm, there is no evidence.
 *
 * Source: Lindon & Malek (2020), "Anytime-valid inference for multinomial count data".
 *
 * @throws LottyError `invalid_request`
 */
export function sampleRatioSequence({
  looks,
  weights,
  concentration = DEFAULT_CONCENTRATION,
}: RatioLooks): readonly RatioLook[] {
  checkNumbers("positive", { concentration });
  const counts = weights.map(() => 0);
  let logP = 0;
  return looks.map((look, index): RatioLook => {
    checkSameLength({ [`looks[${String(index)}]`]: look, weights });
    checkEach("count", `looks[${String(index)}]`, look);
    for (const [arm, count] of look.entries()) counts[arm] = (counts[arm] ?? 0) + count;
    const deviations = deviationsFrom(weights, counts);
    if (untestableCounts(deviations) === "unexpected_variant") return { status: "unexpected_variant" };
    const logBayesFactor = logEvidence(deviations, concentration);
    logP = Math.min(logP, -logBayesFactor);
    return { status: "ok", logBayesFactor, ...pValueOf(logP) };
  });
}

/**
 * ln B(κθ + n) - ln B(κθ) - Σ n ln θ of the multivariate beta function B. With Stirling's formula the terms of the size of n
 * become deviances, which are small when the counts are as expected, and nothing is lost to cancellation.
 */
function logEvidence(arms: readonly CountDeviation[], concentration: number): number {
  const total = arms.reduce((sum, { count }) => sum + count, 0);
  const perArm = arms
    .filter(({ share }) => share > 0)
    .reduce((sum, { count, difference, share }) => {
      const prior = concentration * share;
      const posterior = prior + count;
      const expected = (concentration + total) * share;
      return (
        sum +
        deviance(posterior, expected, difference) -
        Math.log1p(count / prior) / 2 +
        (stirlingError(posterior) - stirlingError(prior))
      );
    }, 0);
  return (
    perArm +
    Math.log1p(total / concentration) / 2 -
    (stirlingError(concentration + total) - stirlingError(concentration))
  );
}

import { ratioOf, type RatioArms } from "../comparisons/compare-ratios.ts";
import { withoutRounding } from "../comparisons/residual-sum.ts";
import { differenceOf } from "../comparisons/untested.ts";
import { checkNumbers } from "../input/check-input.ts";
import { entry, entryAt } from "../linear-algebra/matrix.ts";
import { checkCoMoments, type CoMoments } from "../moments/co-moments.ts";
import { mergeCoMoments } from "../moments/merge-co-moments.ts";
import { concludeStratified, type StratifiedComparison } from "./stratified-comparison.ts";

/**
 * Compares two ratios of totals within strata that were known before the experiment: each arm's totals as if both arms had the same mix of
 * subjects, numerator and denominator alike, and the ratio of these. It is about the ratio of the whole, not about a mean of the strata's
 * ratios. What the treatment itself moves between strata (more orders where orders are small) stays in it. Strata without any subjects do not
 * count.
 *
 * Source: Miratrix, Sekhon & Yu (2013) for the weights; the delta method for both ratios and for the sizes of the strata (Deng, Knoblich & Lu
 * 2018). With denominators of 1 it is `comparePostStratified`.
 *
 * @throws LottyError `invalid_request`
 */
export function comparePostStratifiedRatios(
  strata: readonly RatioArms[],
  { alpha }: { readonly alpha: number },
): StratifiedComparison {
  checkNumbers("probability", { alpha });
  for (const [index, { control, treatment }] of strata.entries()) {
    checkCoMoments(`strata[${String(index)}].control`, control, 2);
    checkCoMoments(`strata[${String(index)}].treatment`, treatment, 2);
  }
  const filled = strata.filter(({ control, treatment }) => control.n > 0 || treatment.n > 0);
  const sizes = filled.flatMap(({ control, treatment }) => [control.n, treatment.n]);
  if (filled.length === 0 || sizes.includes(0)) return { status: "no_data" };
  if (sizes.includes(1)) return { status: "insufficient_data" };
  const subjects = sizes.reduce((sum, n) => sum + n, 0);
  const shares = filled.map(({ control, treatment }) => (control.n + treatment.n) / subjects);
  const control = mixed(
    filled.map((stratum) => stratum.control),
    shares,
  );
  const treatment = mixed(
    filled.map((stratum) => stratum.treatment),
    shares,
  );
  const effects = filled.map((stratum) => differenceOf(ratioOf(stratum.control), ratioOf(stratum.treatment)));
  const unadjustedDiff = differenceOf(
    ratioOf(mergeCoMoments(filled.map((stratum) => stratum.control))),
    ratioOf(mergeCoMoments(filled.map((stratum) => stratum.treatment))),
  );
  if (control === null || treatment === null || unadjustedDiff === null) return { status: "zero_denominator" };
  const pulls = filled.map((_, index) => entry(treatment.pulls, index) - entry(control.pulls, index));
  const known = effects.filter((effect) => effect !== null);
  return concludeStratified(
    {
      diff: treatment.ratio - control.ratio,
      fixedVariance: control.variance + treatment.variance,
      mixVariance: pulls.reduce((sum, pull, index) => sum + entry(shares, index) * pull * pull, 0) / subjects,
      unadjustedDiff,
      // A stratum whose ratio is not defined says nothing, so they do not all say the opposite.
      effects: known.length < effects.length ? [0] : known,
    },
    alpha,
  );
}

/** An arm as if its strata had other sizes. */
interface MixedArm {
  readonly ratio: number;
  /** Of the ratio, for fixed sizes. */
  readonly variance: number;
  /** How far each stratum's share pulls the ratio; by share they add up to 0. */
  readonly pulls: readonly number[];
}

function mixed(strata: readonly CoMoments[], shares: readonly number[]): MixedArm | null {
  const total = (column: number): number =>
    strata.reduce((sum, { mean }, index) => sum + entry(shares, index) * entry(mean, column), 0);
  const denominator = total(1);
  if (denominator === 0) return null;
  const ratio = total(0) / denominator;
  const variance = strata.reduce((sum, stratum, index) => {
    const share = entry(shares, index);
    return sum + (share * share * linearVariance(stratum, ratio)) / stratum.n;
  }, 0);
  return {
    ratio,
    variance: variance / denominator ** 2,
    pulls: strata.map(({ mean }) => (entry(mean, 0) - ratio * entry(mean, 1)) / denominator),
  };
}

/** Variance of numerator - ratio denominator over the subjects of a stratum. */
function linearVariance({ m2, n }: CoMoments, ratio: number): number {
  const numerator = entryAt(m2, 0, 0);
  const denominator = ratio * ratio * entryAt(m2, 1, 1);
  const sum = numerator - 2 * ratio * entryAt(m2, 0, 1) + denominator;
  return withoutRounding(sum, numerator + denominator) / (n - 1);
}

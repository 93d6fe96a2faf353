import { meanEstimate, type MeanArms } from "../comparisons/compare-means.ts";
import { checkNumbers } from "../input/check-input.ts";
import { mergeMoments } from "../moments/merge-moments.ts";
import { knownMoments, type KnownMoments } from "../moments/moments.ts";
import { concludeStratified, type StratifiedComparison } from "./stratified-comparison.ts";

interface Stratum {
  readonly control: KnownMoments;
  readonly treatment: KnownMoments;
}

/**
 * Compares two means within strata that were known before the experiment (country, platform): takes out what the strata explain
 * and shows when their mix misleads. Strata without any subjects do not count.
 *
 * Source: Miratrix, Sekhon & Yu (2013), "Adjusting treatment effect estimates by post-stratification".
 *
 * @throws LottyError `invalid_request`
 */
export function comparePostStratified(
  strata: readonly MeanArms[],
  { alpha }: { readonly alpha: number },
): StratifiedComparison {
  checkNumbers("probability", { alpha });
  const filled = strata.filter(({ control, treatment }) => control.n > 0 || treatment.n > 0);
  const known = filled.flatMap((stratum, index) => knownStratum(stratum, index));
  if (known.length === 0 || known.length < filled.length) return { status: "no_data" };
  if (known.some(({ control, treatment }) => control.n < 2 || treatment.n < 2)) return { status: "insufficient_data" };
  const effects = effectsOf(known);
  const subjects = effects.reduce((sum, { n }) => sum + n, 0);
  const mean = (valueOf: (effect: Effect) => number): number =>
    effects.reduce((sum, effect) => sum + (effect.n / subjects) * valueOf(effect), 0);
  const diff = mean(({ effect }) => effect);
  const fixedVariance = mean(({ n, variance }) => (n / subjects) * variance);
  const mixVariance = mean(({ effect }) => (effect - diff) ** 2) / subjects;
  const unadjustedDiff = crudeDifference(known);
  const each = effects.map(({ effect }) => effect);
  return concludeStratified({ diff, fixedVariance, mixVariance, unadjustedDiff, effects: each }, alpha);
}

/** The effect of one stratum. */
interface Effect {
  readonly n: number;
  readonly effect: number;
  readonly variance: number;
}

function effectsOf(strata: readonly Stratum[]): readonly Effect[] {
  return strata.map(({ control, treatment }) => ({
    n: control.n + treatment.n,
    effect: treatment.mean - control.mean,
    variance: meanEstimate(control).variance + meanEstimate(treatment).variance,
  }));
}

function crudeDifference(strata: readonly Stratum[]): number {
  const control = mergeMoments(strata.map((stratum) => stratum.control));
  const treatment = mergeMoments(strata.map((stratum) => stratum.treatment));
  return (treatment.mean ?? 0) - (control.mean ?? 0);
}

/** The stratum when both arms have subjects in it, else none. */
function knownStratum(arms: MeanArms, index: number): readonly Stratum[] {
  const control = knownMoments(`strata[${String(index)}].control`, arms.control);
  const treatment = knownMoments(`strata[${String(index)}].treatment`, arms.treatment);
  return control === null || treatment === null ? [] : [{ control, treatment }];
}

import {
  comparePostStratified,
  heterogeneity,
  mergeMoments,
  sampleVariance,
  testInteraction,
  testTrend,
  type DailyEffects,
  type Estimates,
  type MeanArms,
  type Moments,
} from "@lotty/stats";
import { intervalFields, pFields, type ResultFields } from "./comparison-fields.ts";

/** Runs a case of `moments`. */
export function moments({ parts }: { readonly parts: readonly Moments[] }): ResultFields {
  const merged = mergeMoments(parts);
  return { ...merged, variance: sampleVariance(merged) };
}

/** Runs a case of `post_stratification`. */
export function postStratification({
  strata,
  alpha,
}: {
  readonly strata: readonly MeanArms[];
  readonly alpha: number;
}): ResultFields {
  const result = comparePostStratified(strata, { alpha });
  if (result.status !== "ok") return { status: result.status };
  return {
    diff: result.diff,
    se_fixed_weights: result.seFixedWeights,
    se: result.se,
    z: result.z,
    ...pFields(result),
    ...intervalFields(result.interval),
    unadjusted_diff: result.unadjustedDiff,
    simpson_reversal: result.simpsonReversal,
  };
}

/** Runs a case of `heterogeneity`. */
export function heterogeneityCase(input: Estimates): ResultFields {
  const result = heterogeneity(input);
  if (result.status !== "ok") return { status: result.status };
  return {
    fixed_effect: result.fixedEffect,
    fixed_se: result.fixedSe,
    q: result.q,
    df: result.df,
    ...(result.test === null ? { p: null, log10_p: null } : pFields(result.test)),
    i2: result.i2,
    tau2_dl: result.tau2,
    random_effect: result.randomEffect,
    random_se: result.randomSe,
    shrunk: result.shrunk,
  };
}

type Cells = readonly [readonly [Moments, Moments], readonly [Moments, Moments]];

/** Runs a case of `interaction`: cells are [this experiment][the other]. */
export function interaction({ cells }: { readonly cells: Cells }): ResultFields {
  const [[controlControl, controlTreatment], [treatmentControl, treatmentTreatment]] = cells;
  const result = testInteraction({
    otherControl: { control: controlControl, treatment: treatmentControl },
    otherTreatment: { control: controlTreatment, treatment: treatmentTreatment },
  });
  if (result.status !== "ok") return { status: result.status };
  return {
    effect_other_control: result.effectOtherControl,
    effect_other_treatment: result.effectOtherTreatment,
    interaction: result.interaction,
    se: result.se,
    z: result.z,
    ...pFields(result),
  };
}

/** Runs a case of `trend`. */
export function trend(input: DailyEffects): ResultFields {
  const result = testTrend(input);
  if (result.status !== "ok") return { status: result.status };
  const { slope, slopeSe, intercept, z } = result;
  return { slope, slope_se: slopeSe, intercept, z, ...pFields(result) };
}

import {
  compareAdjusted,
  compareAdjustedRatios,
  compareMeans,
  comparePooledCuped,
  compareRatios,
  compareWinsorized,
  testNoninferiority,
  type AdjustedComparison,
  type Alternative,
  type Moments,
} from "@lotty/stats";
import { coMoments, type VectorArms, type VectorCoMoments } from "./case-input.ts";
import { comparisonFields, intervalFields, NO_TEST, pFields, type ResultFields } from "./comparison-fields.ts";

interface OneSided {
  readonly alternative: Alternative;
}

/** Runs a case of `welch`. */
export function welch({ control, treatment, ...options }: VectorArms<Moments> & OneSided): ResultFields {
  return comparisonFields(compareMeans({ control, treatment }, options));
}

/** Runs a case of `ratio`. */
export function ratio({ control, treatment, ...options }: VectorArms<VectorCoMoments> & OneSided): ResultFields {
  const arms = { control: coMoments(control), treatment: coMoments(treatment) };
  const result = compareRatios(arms, options);
  return {
    ...comparisonFields(result),
    ratio_control: result.ratioControl,
    ratio_treatment: result.ratioTreatment,
  };
}

/** Runs a case of `cuped_pooled`. */
export function cupedPooled({ control, treatment, alpha }: VectorArms<VectorCoMoments>): ResultFields {
  const result = comparePooledCuped({ control: coMoments(control), treatment: coMoments(treatment) }, { alpha });
  const { status, theta, diff, lift } = result;
  if (result.status !== "ok") {
    const nothing = {
      se: null,
      df: null,
      t: null,
      lift_se: null,
      lift_low: null,
      lift_high: null,
    };
    return { status, theta, diff, lift, variance_reduction: result.varianceReduction, ...nothing, ...NO_TEST };
  }
  return {
    status,
    theta,
    diff,
    lift,
    se: result.se,
    df: result.df,
    t: result.t,
    ...pFields(result),
    ...intervalFields(result.interval),
    variance_reduction: result.varianceReduction,
    lift_se: result.liftDelta?.se ?? null,
    lift_low: result.liftDelta?.low ?? null,
    lift_high: result.liftDelta?.high ?? null,
  };
}

/** Runs a case of `cuped_lin` or `cuped_multi`. */
export function cupedLin({ control, treatment, alpha }: VectorArms<VectorCoMoments>): ResultFields {
  return adjustedFields(compareAdjusted({ control: coMoments(control), treatment: coMoments(treatment) }, { alpha }));
}

/** Runs a case of `cuped_ratio`. */
export function cupedRatio({ control, treatment, alpha }: VectorArms<VectorCoMoments>): ResultFields {
  return adjustedFields(
    compareAdjustedRatios({ control: coMoments(control), treatment: coMoments(treatment) }, { alpha }),
  );
}

function adjustedFields(result: AdjustedComparison): ResultFields {
  return {
    ...comparisonFields(result),
    theta_control: result.thetaControl,
    theta_treatment: result.thetaTreatment,
    adjusted_mean_control: result.adjustedMeanControl,
    adjusted_mean_treatment: result.adjustedMeanTreatment,
    variance_reduction: result.varianceReduction,
  };
}

/** Runs a case of `winsorize`. */
export function winsorize({
  control,
  treatment,
  ignore_zeros: ignoreZeros,
  ...options
}: VectorArms<readonly number[]> & {
  readonly low: number | null;
  readonly high: number | null;
  readonly ignore_zeros: boolean;
}): ResultFields {
  const result = compareWinsorized({ control, treatment }, { ...options, ignoreZeros });
  return {
    cap_low: result.capLow,
    cap_high: result.capHigh,
    control: withSums(result.control),
    treatment: withSums(result.treatment),
    test: comparisonFields(result.test),
  };
}

/** The sums that the vectors carry beside the moments. */
function withSums({ n, mean, m2 }: Moments): ResultFields {
  return { n, mean, m2, sum: n * (mean ?? 0), sum_sq: (m2 ?? 0) + n * (mean ?? 0) ** 2 };
}

/** Runs a case of `noninferiority`. */
export function noninferiority({
  control,
  treatment,
  margin_type: marginType,
  higher_is_better: higherIsBetter,
  ...options
}: VectorArms<Moments> & {
  readonly margin_type: "absolute" | "relative";
  readonly margin: number;
  readonly higher_is_better: boolean;
}): ResultFields {
  const result = testNoninferiority({ control, treatment }, { ...options, marginType, higherIsBetter });
  const { status, shift } = result;
  if (result.status !== "ok") {
    return { status, shift, se: null, df: null, t: null, p: null, log10_p: null, bound: null, noninferior: null };
  }
  const { se, df, t, bound } = result;
  return { status, shift, se, df, t, ...pFields(result), bound, noninferior: result.noninferior };
}

import { checkNumbers } from "../input/check-input.ts";
import { tUpperQuantile } from "../distributions/student-t.ts";
import { entry, entryAt } from "../linear-algebra/matrix.ts";
import { checkCoMoments, pooledCoMoments, type CoMoments } from "../moments/co-moments.ts";
import { metricMean } from "./adjusted-arm.ts";
import { reductionOf, type AdjustableArms } from "./compare-adjusted.ts";
import type { DeltaLift, TestedComparison, TestOptions, Untestable } from "./comparison.ts";
import { withoutRounding } from "./residual-sum.ts";
import { compareEstimates } from "./t-comparison.ts";

/** What a pooled slope makes of two arms. */
interface PooledSlope {
  /** Slope of metric on covariate over both arms; `null` without data. */
  readonly theta: number | null;
  /** Difference of the adjusted means as a share of the absolute value of control's own mean; `null` when that is 0. */
  readonly lift: number | null;
  /** Share of the variance that the covariate took away; negative when it did harm, `null` when there was none. */
  readonly varianceReduction: number | null;
}

/** A comparison adjusted by one covariate with one slope for both arms. */
export type PooledCupedComparison =
  | (Omit<TestedComparison, "relative"> &
      PooledSlope & {
        /** Uncertainty of the lift by the delta method; `null` without a lift. */
        readonly liftDelta: DeltaLift | null;
      })
  | (PooledSlope & { readonly status: Untestable; readonly diff: number | null });

/**
 * CUPED as first published: one slope for both arms, columns metric, covariate. Kept to reproduce results of other tools;
 * {@link compareAdjusted} is better where the arms' slopes differ and their sizes do.
 *
 * Source: Deng, Xu, Kohavi & Walker (2013), "Improving the sensitivity of online controlled experiments", equation 4.
 *
 * @throws LottyError `invalid_request`
 */
export function comparePooledCuped(arms: AdjustableArms, { alpha, alternative }: TestOptions): PooledCupedComparison {
  checkNumbers("probability", { alpha });
  const { control, treatment } = arms;
  checkCoMoments("control", control, 2);
  checkCoMoments("treatment", treatment, 2);
  if (control.n === 0 || treatment.n === 0) {
    return { status: "no_data", diff: null, theta: null, lift: null, varianceReduction: null };
  }
  const theta = pooledSlope(arms);
  const diff =
    metricMean(treatment) - metricMean(control) - theta * (entry(treatment.mean, 1) - entry(control.mean, 1));
  const baseline = Math.abs(metricMean(control));
  const lift = baseline === 0 ? null : diff / baseline;
  if (control.n < 2 || treatment.n < 2) {
    return { status: "insufficient_data", diff, theta, lift, varianceReduction: null };
  }
  const estimates = {
    control: { mean: 0, variance: adjustedVariance(control, theta), degrees: control.n - 1 },
    treatment: { mean: diff, variance: adjustedVariance(treatment, theta), degrees: treatment.n - 1 },
    diff,
  };
  const comparison = compareEstimates(estimates, alpha, alternative);
  const varianceReduction = reductionOf(comparison, adjustedVariance(control, 0) + adjustedVariance(treatment, 0));
  if (comparison.status !== "ok") return { status: comparison.status, diff, theta, lift, varianceReduction };
  const { relative: _, ...tested } = comparison;
  const critical = tUpperQuantile(alpha / 2, tested.df);
  return {
    ...tested,
    theta,
    lift,
    liftDelta: lift === null ? null : liftDelta(arms, { theta, lift, critical }),
    varianceReduction,
  };
}

/** Slope of the metric on the covariate over the union of both arms; 0 when the covariate does not vary. */
function pooledSlope({ control, treatment }: AdjustableArms): number {
  const pooled = pooledCoMoments(control, treatment);
  const spread = entryAt(pooled, 1, 1);
  return spread === 0 ? 0 : entryAt(pooled, 0, 1) / spread;
}

/** Variance of an arm's mean of metric - theta · covariate. */
function adjustedVariance({ n, m2 }: CoMoments, theta: number): number {
  return varianceOfSum({ n, m2 }, [1, -theta]);
}

/** Variance of the mean of a weighted sum of the two columns. */
function varianceOfSum({ n, m2 }: Pick<CoMoments, "n" | "m2">, [metric, covariate]: readonly [number, number]): number {
  const own = metric * metric * entryAt(m2, 0, 0);
  const other = covariate * covariate * entryAt(m2, 1, 1);
  return withoutRounding(own + 2 * metric * covariate * entryAt(m2, 0, 1) + other, own + other) / (n - 1) / n;
}

/** The lift's linearisation in all four means: control's metric is in the difference and in the baseline. */
function liftDelta(
  { control, treatment }: AdjustableArms,
  { theta, lift, critical }: { readonly theta: number; readonly lift: number; readonly critical: number },
): DeltaLift {
  const baseline = Math.abs(metricMean(control));
  const ofBaseline = 1 + Math.sign(metricMean(control)) * lift;
  const variance = varianceOfSum(treatment, [1, -theta]) + varianceOfSum(control, [ofBaseline, -theta]);
  const se = Math.sqrt(variance) / baseline;
  return { se, low: lift - critical * se, high: lift + critical * se };
}

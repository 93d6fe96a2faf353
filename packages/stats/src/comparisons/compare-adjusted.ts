import { checkNumbers } from "../input/check-input.ts";
import { checkCoMoments, columnsOf, pooledCoMoments, type CoMoments } from "../moments/co-moments.ts";
import { dot, entryAt, quadraticForm, subtract, type Vector } from "../linear-algebra/matrix.ts";
import { covariateMeans, metricMean, regress, type Regression } from "./adjusted-arm.ts";
import type { Comparison, TestOptions, Untestable } from "./comparison.ts";
import { compareEstimates, type ArmEstimate, type SharedVariance } from "./t-comparison.ts";
import { untested } from "./untested.ts";

/** Control and treatment with columns metric, covariate 1, …, covariate k, known before the experiment began. */
export interface AdjustableArms {
  readonly control: CoMoments;
  readonly treatment: CoMoments;
}

/** A comparison whose noise was reduced by covariates. */
export type AdjustedComparison = Comparison & {
  /** Slopes of the covariates within the arm; `null` without data. */
  readonly thetaControl: Vector | null;
  readonly thetaTreatment: Vector | null;
  /** Mean that the arm would have had with the covariates of all subjects; `null` without data. */
  readonly adjustedMeanControl: number | null;
  readonly adjustedMeanTreatment: number | null;
  /** Share of the variance that the covariates took away; negative when they did harm, `null` when there was none. */
  readonly varianceReduction: number | null;
};

/**
 * Compares two means after taking out what covariates explain in each arm: CUPED with arm-specific slopes, for any number of
 * covariates. The estimate is that of a regression with interactions; unlike a pooled slope it never does harm in large samples.
 *
 * Source: Lin (2013), "Agnostic notes on regression adjustments to experimental data". O(k³).
 *
 * @throws LottyError `invalid_request`
 */
export function compareAdjusted(arms: AdjustableArms, options: TestOptions): AdjustedComparison {
  checkNumbers("probability", { alpha: options.alpha });
  const { control, treatment } = arms;
  const columns = Math.max(1, columnsOf([control, treatment]));
  checkCoMoments("control", control, columns);
  checkCoMoments("treatment", treatment, columns);
  if (control.n === 0 || treatment.n === 0) {
    return unadjusted("no_data", control.n === 0 ? null : metricMean(control));
  }
  return compareRegressed(arms, options);
}

/** The result for arms without an adjusted mean on both sides. */
export function unadjusted(status: Untestable, control: number | null, diff: number | null = null): AdjustedComparison {
  return {
    ...untested(status, { control, diff }),
    thetaControl: null,
    thetaTreatment: null,
    adjustedMeanControl: null,
    adjustedMeanTreatment: null,
    varianceReduction: null,
  };
}

function compareRegressed(arms: AdjustableArms, { alpha, alternative }: TestOptions): AdjustedComparison {
  const { control, treatment } = arms;
  const [ofControl, ofTreatment] = [regress(control), regress(treatment)];
  const { diff, ...adjustment } = adjustMeans(arms, ofControl.theta, ofTreatment.theta);
  const covariates = ofControl.theta.length;
  if (control.n <= covariates + 1 || treatment.n <= covariates + 1) {
    const comparison = untested("insufficient_data", { control: adjustment.adjustedMeanControl, diff });
    return { ...comparison, ...adjustment, varianceReduction: null };
  }
  const estimate = ({ n }: CoMoments, mean: number, { residual }: Regression): ArmEstimate => {
    const degrees = n - 1 - covariates;
    return { mean, variance: residual / degrees / n, degrees };
  };
  const estimates = {
    control: estimate(control, adjustment.adjustedMeanControl, ofControl),
    treatment: estimate(treatment, adjustment.adjustedMeanTreatment, ofTreatment),
    shared: sharedVariance(arms, ofControl.theta, ofTreatment.theta),
    diff,
  };
  const comparison = compareEstimates(estimates, alpha, alternative);
  const varianceReduction = reductionOf(comparison, plainVariance(control, treatment));
  return { ...comparison, ...adjustment, varianceReduction };
}

interface AdjustedMeans {
  readonly thetaControl: Vector;
  readonly thetaTreatment: Vector;
  readonly adjustedMeanControl: number;
  readonly adjustedMeanTreatment: number;
  readonly diff: number;
}

/** Both means as they would be with the covariates of all subjects, and their difference without the rounding of the means. */
function adjustMeans(
  { control, treatment }: AdjustableArms,
  thetaControl: Vector,
  thetaTreatment: Vector,
): AdjustedMeans {
  const total = control.n + treatment.n;
  // Each arm is moved to the common mean of the covariates: by the other arm's share of the distance between the two.
  const distance = subtract(covariateMeans(treatment), covariateMeans(control));
  const up = dot(thetaControl, distance) * (treatment.n / total);
  const down = dot(thetaTreatment, distance) * (control.n / total);
  return {
    thetaControl,
    thetaTreatment,
    adjustedMeanControl: metricMean(control) + up,
    adjustedMeanTreatment: metricMean(treatment) - down,
    diff: metricMean(treatment) - metricMean(control) - up - down,
  };
}

/** What the common mean of the covariates, which is itself an estimate, adds to the variances of the adjusted means. */
function sharedVariance(
  { control, treatment }: AdjustableArms,
  thetaControl: Vector,
  thetaTreatment: Vector,
): SharedVariance {
  const total = control.n + treatment.n;
  const spread = pooledCoMoments(control, treatment)
    .slice(1)
    .map((row) => row.slice(1).map((value) => value / (total - 1) / total));
  const change = subtract(thetaTreatment, thetaControl);
  return {
    control: quadraticForm(thetaControl, spread, thetaControl),
    treatment: quadraticForm(thetaTreatment, spread, thetaTreatment),
    covariance: quadraticForm(thetaTreatment, spread, thetaControl),
    ofDifference: Math.max(0, quadraticForm(change, spread, change)),
  };
}

/** How much smaller a comparison's variance is than what it was without adjustment; `null` when it was none. */
export function reductionOf(comparison: Comparison, plain: number): number | null {
  if (plain === 0 || (comparison.status !== "ok" && comparison.status !== "zero_variance")) return null;
  return comparison.status === "ok" ? 1 - comparison.se ** 2 / plain : 1;
}

/** Variance of the difference of the means as they are. */
function plainVariance(control: CoMoments, treatment: CoMoments): number {
  return [control, treatment].reduce((sum, { n, m2 }) => sum + entryAt(m2, 0, 0) / (n - 1) / n, 0);
}

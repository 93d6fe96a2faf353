import { symmetricPValue, type Alternative } from "../distributions/p-value.ts";
import { tLogSf, tUpperQuantile } from "../distributions/student-t.ts";
import type { Comparison } from "./comparison.ts";
import { intervalAround } from "./interval.ts";
import { relativeEffect } from "./relative-effect.ts";
import { untested } from "./untested.ts";

/** One arm as the test sees it. */
export interface ArmEstimate {
  /** Estimated mean (or ratio, or adjusted mean). */
  readonly mean: number;
  /** Variance of that estimate, s²/n for a plain mean. */
  readonly variance: number;
  /** Degrees of freedom of the variance, > 0. */
  readonly degrees: number;
}

/** Two arms, and what they share when they were estimated together. */
export interface ArmEstimates {
  readonly control: ArmEstimate;
  readonly treatment: ArmEstimate;
  /** Variances and covariance that come on top of the arms' own, from a quantity that both were adjusted by. */
  readonly shared?: SharedVariance;
  /** Treatment less control, where that is known better than by subtracting the means. */
  readonly diff?: number;
}

/** What adjusting both arms by one estimated quantity adds to the variances of their means. */
export interface SharedVariance {
  readonly control: number;
  readonly treatment: number;
  readonly covariance: number;
  /** What it adds to the variance of the difference: control + treatment - 2 covariance, without the cancellation. */
  readonly ofDifference: number;
}

/**
 * The one decision of a comparison: difference, p-value, interval and relative effect from the same estimate, standard error,
 * degrees of freedom and critical value, so that they cannot contradict each other.
 */
export function compareEstimates(
  arms: ArmEstimates,
  alpha: number,
  alternative: Alternative = "two-sided",
): Comparison {
  const { control, treatment, shared } = arms;
  const diff = arms.diff ?? treatment.mean - control.mean;
  const variance = control.variance + treatment.variance;
  const se = Math.sqrt(variance + (shared?.ofDifference ?? 0));
  // Without any variance of their own the arms have no degrees of freedom either, whatever they share.
  if (variance === 0) return untested("zero_variance", { control: control.mean, diff });
  const df = welchDegrees(control, treatment);
  const t = diff / se;
  const critical = tUpperQuantile(alpha / 2, df);
  return {
    status: "ok",
    diff,
    se,
    df,
    t,
    ...symmetricPValue(t, alternative, (value) => tLogSf(value, df)),
    interval: intervalAround(diff, { alpha, alternative }, (level) => se * tUpperQuantile(level, df)),
    relative: relativeEffect({
      control: control.mean,
      treatment: treatment.mean,
      diff,
      se,
      controlVariance: control.variance + (shared?.control ?? 0),
      treatmentVariance: treatment.variance + (shared?.treatment ?? 0),
      covariance: shared?.covariance ?? 0,
      critical,
    }),
  };
}

/**
 * Degrees of freedom of a difference of two means with unequal variances.
 *
 * Source: Welch (1947), Satterthwaite (1946); written with shares of the variance, which neither overflow nor underflow.
 */
export function welchDegrees(control: ArmEstimate, treatment: ArmEstimate): number {
  const share = control.variance / (control.variance + treatment.variance);
  return 1 / ((share * share) / control.degrees + ((1 - share) * (1 - share)) / treatment.degrees);
}

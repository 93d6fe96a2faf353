import { checkNumbers } from "../input/check-input.ts";
import { effectFor, powerAt, type PlannedTest } from "./normal-power.ts";

/** How much the metric varies. */
export interface Spread {
  /** Standard deviation of the metric, > 0. */
  readonly sd: number;
  /** Share of the variance that covariates take away, 0 ≤ share < 1; 0 by default. */
  readonly varianceReduction?: number;
}

/** Sizes of two arms. */
export interface ArmSizes {
  /** > 0. */
  readonly nControl: number;
  readonly nTreatment: number;
}

/** What {@link sampleSizeForMean} is asked. */
export interface MeanSizeQuestion extends PlannedTest, Spread {
  /** Absolute effect to be found, not 0. */
  readonly delta: number;
  /** Probability to find it, above alpha and below 1. */
  readonly power: number;
  /** Treatment's size by control's, > 0; 1 by default. */
  readonly ratio?: number;
}

/** Sizes that are needed. */
export interface SampleSizes {
  /** As the formula gives it, not rounded. */
  readonly nControlExact: number;
  readonly nControl: number;
  readonly nTreatment: number;
}

/**
 * Subjects needed to find a difference of means with a z-test: solves the exact two-sided power, far side included.
 *
 * @throws LottyError `invalid_request`
 */
export function sampleSizeForMean({ delta, power, ratio = 1, ...question }: MeanSizeQuestion): SampleSizes {
  checkNumbers("positive", { "|delta|": Math.abs(delta), ratio });
  const effect = effectFor(power, question);
  const nControlExact = ((effect * deviation(question)) / delta) ** 2 * (1 + 1 / ratio);
  return { nControlExact, nControl: Math.ceil(nControlExact), nTreatment: Math.ceil(nControlExact * ratio) };
}

/**
 * Probability to find a difference `delta` of means with arms of these sizes.
 *
 * @throws LottyError `invalid_request`
 */
export function powerForMean({
  delta,
  ...question
}: PlannedTest & Spread & ArmSizes & { readonly delta: number }): number {
  checkNumbers("finite", { delta });
  return powerAt(Math.abs(delta) / standardError(question), question);
}

/**
 * Smallest difference of means that arms of these sizes find with probability `power`, in the metric's units.
 *
 * @throws LottyError `invalid_request`
 */
export function detectableMeanEffect({
  power,
  ...question
}: PlannedTest & Spread & ArmSizes & { readonly power: number }): number {
  return effectFor(power, question) * standardError(question);
}

function standardError({ nControl, nTreatment, ...spread }: Spread & ArmSizes): number {
  checkNumbers("positive", { nControl, nTreatment });
  return deviation(spread) * Math.sqrt(1 / nControl + 1 / nTreatment);
}

function deviation({ sd, varianceReduction = 0 }: Spread): number {
  checkNumbers("positive", { sd, "1 - varianceReduction": 1 - varianceReduction });
  return sd * Math.sqrt(1 - varianceReduction);
}

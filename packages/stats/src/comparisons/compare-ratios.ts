import { checkNumbers } from "../input/check-input.ts";
import { entry, entryAt } from "../linear-algebra/matrix.ts";
import { checkCoMoments, type CoMoments } from "../moments/co-moments.ts";
import type { Comparison, TestOptions } from "./comparison.ts";
import { withoutRounding } from "./residual-sum.ts";
import { compareEstimates, type ArmEstimate } from "./t-comparison.ts";
import { differenceOf, untested } from "./untested.ts";

/** Control and treatment of a metric that divides one total by another: columns numerator, denominator. */
export interface RatioArms {
  readonly control: CoMoments;
  readonly treatment: CoMoments;
}

/** How the ratios compare, with the ratios themselves where they are defined. */
export type RatioComparison = Comparison & {
  readonly ratioControl: number | null;
  readonly ratioTreatment: number | null;
};

/**
 * Compares two ratios of totals, such as revenue per order, when subjects were randomised: numerator and denominator of a
 * subject vary together, and the variance takes that into account.
 *
 * Source: Deng, Knoblich & Lu (2018), "Applying the delta method in metric analytics", section 3.
 *
 * @throws LottyError `invalid_request`
 */
export function compareRatios(arms: RatioArms, options: TestOptions): RatioComparison {
  checkNumbers("probability", { alpha: options.alpha });
  checkCoMoments("control", arms.control, 2);
  checkCoMoments("treatment", arms.treatment, 2);
  const ratioControl = ratioOf(arms.control);
  const ratioTreatment = ratioOf(arms.treatment);
  return { ...compare(arms, options), ratioControl, ratioTreatment };
}

function compare({ control, treatment }: RatioArms, { alpha, alternative }: TestOptions): Comparison {
  const ratioControl = ratioOf(control);
  const ratioTreatment = ratioOf(treatment);
  const known = { control: ratioControl, diff: differenceOf(ratioControl, ratioTreatment) };
  if (control.n === 0 || treatment.n === 0) return untested("no_data", known);
  if (ratioControl === null || ratioTreatment === null) return untested("zero_denominator", known);
  if (control.n < 2 || treatment.n < 2) return untested("insufficient_data", known);
  return compareEstimates(
    { control: ratioEstimate(control, ratioControl), treatment: ratioEstimate(treatment, ratioTreatment) },
    alpha,
    alternative,
  );
}

/** Numerator's mean by denominator's; `null` without subjects or with a denominator of 0. */
export function ratioOf({ n, mean }: CoMoments): number | null {
  if (n === 0 || entry(mean, 1) === 0) return null;
  return entry(mean, 0) / entry(mean, 1);
}

function ratioEstimate({ n, mean, m2 }: CoMoments, ratio: number): ArmEstimate {
  const numerator = entryAt(m2, 0, 0);
  const denominator = ratio * ratio * entryAt(m2, 1, 1);
  const residual = withoutRounding(numerator - 2 * ratio * entryAt(m2, 0, 1) + denominator, numerator + denominator);
  return { mean: ratio, variance: residual / (n - 1) / n / entry(mean, 1) ** 2, degrees: n - 1 };
}

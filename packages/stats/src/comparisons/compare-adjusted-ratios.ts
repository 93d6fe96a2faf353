import { checkNumbers } from "../input/check-input.ts";
import { entry, entryAt } from "../linear-algebra/matrix.ts";
import { checkCoMoments, columnsOf, type CoMoments } from "../moments/co-moments.ts";
import { compareAdjusted, unadjusted, type AdjustableArms, type AdjustedComparison } from "./compare-adjusted.ts";
import { ratioOf } from "./compare-ratios.ts";
import type { TestOptions } from "./comparison.ts";
import { differenceOf } from "./untested.ts";
import { withoutRounding } from "./residual-sum.ts";

/**
 * Compares two ratios of totals after taking out what covariates explain: columns numerator, denominator, covariates. Each arm's
 * ratio is linearised, which gives every subject one value, and compared like a mean.
 *
 * Source: Deng, Knoblich & Lu (2018) for the linearisation, Lin (2013) for the adjustment.
 *
 * @throws LottyError `invalid_request`
 */
export function compareAdjustedRatios(arms: AdjustableArms, options: TestOptions): AdjustedComparison {
  checkNumbers("probability", { alpha: options.alpha });
  const { control, treatment } = arms;
  const columns = Math.max(2, columnsOf([control, treatment]));
  checkCoMoments("control", control, columns);
  checkCoMoments("treatment", treatment, columns);
  const ratioControl = ratioOf(control);
  const ratioTreatment = ratioOf(treatment);
  if (control.n === 0 || treatment.n === 0) return unadjusted("no_data", ratioControl);
  if (ratioControl === null || ratioTreatment === null) {
    return unadjusted("zero_denominator", ratioControl, differenceOf(ratioControl, ratioTreatment));
  }
  return compareAdjusted(
    { control: linearise(control, ratioControl), treatment: linearise(treatment, ratioTreatment) },
    options,
  );
}

/** Co-moments of (numerator - ratio · denominator) / mean denominator with the covariates; its mean is set to the ratio. */
function linearise({ n, mean, m2 }: CoMoments, ratio: number): CoMoments {
  const scale = entry(mean, 1);
  const combined = (row: number): number => (entryAt(m2, row, 0) - ratio * entryAt(m2, row, 1)) / scale;
  const numerator = entryAt(m2, 0, 0);
  const denominator = ratio * ratio * entryAt(m2, 1, 1);
  const own = withoutRounding(numerator - 2 * ratio * entryAt(m2, 0, 1) + denominator, numerator + denominator);
  const covariates = m2.slice(2);
  return {
    n,
    mean: [ratio, ...mean.slice(2)],
    m2: [
      [own / (scale * scale), ...covariates.map((_, index) => combined(index + 2))],
      ...covariates.map((row, index) => [combined(index + 2), ...row.slice(2)]),
    ],
  };
}

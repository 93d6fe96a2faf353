import { checkNumbers } from "../input/check-input.ts";
import type { KnownMoments, Moments } from "../moments/moments.ts";
import { knownMoments } from "../moments/moments.ts";
import type { Comparison, TestOptions } from "./comparison.ts";
import { compareEstimates, type ArmEstimate } from "./t-comparison.ts";
import { differenceOf, untested } from "./untested.ts";

/** Control and treatment of a metric that has one value per subject. */
export interface MeanArms {
  readonly control: Moments;
  readonly treatment: Moments;
}

/**
 * Compares two means by Welch's t-test: for values per subject of any kind, 0/1 among them.
 *
 * @throws LottyError `invalid_request` for moments or options that are not what they have to be
 */
export function compareMeans(arms: MeanArms, { alpha, alternative }: TestOptions): Comparison {
  checkNumbers("probability", { alpha });
  const control = knownMoments("control", arms.control);
  const treatment = knownMoments("treatment", arms.treatment);
  const known = {
    control: control?.mean ?? null,
    diff: differenceOf(control?.mean ?? null, treatment?.mean ?? null),
  };
  if (control === null || treatment === null) return untested("no_data", known);
  if (control.n < 2 || treatment.n < 2) return untested("insufficient_data", known);
  return compareEstimates({ control: meanEstimate(control), treatment: meanEstimate(treatment) }, alpha, alternative);
}

/** Mean, s²/n and n - 1 of at least two values. */
export function meanEstimate({ n, mean, m2 }: KnownMoments): ArmEstimate {
  return { mean, variance: m2 / (n - 1) / n, degrees: n - 1 };
}

import { pValueOf, type PValue } from "../distributions/p-value.ts";
import { tLogSf, tUpperQuantile } from "../distributions/student-t.ts";
import { checkNumbers } from "../input/check-input.ts";
import { knownMoments, type KnownMoments } from "../moments/moments.ts";
import { meanEstimate, type MeanArms } from "./compare-means.ts";
import type { Untestable } from "./comparison.ts";
import { welchDegrees } from "./t-comparison.ts";

/** How much worse treatment may be. */
export interface NoninferiorityOptions {
  /** Largest harm that does not matter, ≥ 0: in the metric's units, or as a share of control's mean. */
  readonly margin: number;
  readonly marginType: "absolute" | "relative";
  readonly higherIsBetter: boolean;
  /** One-sided level, above 0 and below 1. */
  readonly alpha: number;
}

/** A one-sided test of treatment against control less the margin. */
export type NoninferiorityTest =
  | (PValue & {
      readonly status: "ok";
      /** How far treatment is on the good side of the margin; positive is good whichever way the metric points. */
      readonly shift: number;
      readonly se: number;
      readonly df: number;
      readonly t: number;
      /** One-sided bound of the shift: not inferior when it is above 0. */
      readonly bound: number;
      readonly noninferior: boolean;
    })
  | { readonly status: Untestable; readonly shift: number | null };

/** How far treatment is on the good side of the margin, with its error: what sequences and simulations are made of. */
export type NoninferiorityEstimate =
  | { readonly status: "ok"; readonly shift: number; readonly se: number; readonly df: number }
  | { readonly status: Untestable; readonly shift: number | null };

/**
 * The estimate that {@link testNoninferiority} tests, without the test, which costs a hundred times as much.
 *
 * @throws LottyError `invalid_request`
 */
export function estimateNoninferiority(
  arms: MeanArms,
  options: Omit<NoninferiorityOptions, "alpha">,
): NoninferiorityEstimate {
  checkNumbers("not negative", { margin: options.margin });
  const control = knownMoments("control", arms.control);
  const treatment = knownMoments("treatment", arms.treatment);
  if (control === null || treatment === null) return { status: "no_data", shift: null };
  const { shift, factor } = contrast(control.mean, treatment.mean, options);
  if (control.n < 2 || treatment.n < 2) return { status: "insufficient_data", shift };
  const { df, se } = spreadOf(control, treatment, factor);
  return se === 0 ? { status: "zero_variance", shift } : { status: "ok", shift, se, df };
}

/**
 * Tests whether a guardrail holds: that treatment is not worse than control by more than a margin. A relative margin is tested
 * as the linear contrast mT - k mC, without the delta method; with a mean of control of 0 it is no margin at all.
 *
 * @throws LottyError `invalid_request`
 */
export function testNoninferiority(arms: MeanArms, options: NoninferiorityOptions): NoninferiorityTest {
  checkNumbers("probability", { alpha: options.alpha });
  const estimate = estimateNoninferiority(arms, options);
  if (estimate.status !== "ok") return estimate;
  const { df, se, shift } = estimate;
  const t = shift / se;
  const tested = pValueOf(tLogSf(t, df));
  const bound = shift - tUpperQuantile(options.alpha, df) * se;
  return { status: "ok", shift, se, df, t, ...tested, bound, noninferior: tested.p <= options.alpha };
}

/** The contrast that is positive under non-inferiority, and the factor of control's mean in it. */
function contrast(
  control: number,
  treatment: number,
  { margin, marginType, higherIsBetter }: Omit<NoninferiorityOptions, "alpha">,
): { readonly shift: number; readonly factor: number } {
  const direction = higherIsBetter ? 1 : -1;
  const room = marginType === "absolute" ? margin : margin * Math.abs(control);
  const factor = marginType === "absolute" ? 1 : 1 - direction * margin * Math.sign(control);
  return { shift: direction * (treatment - control) + room, factor };
}

function spreadOf(control: KnownMoments, treatment: KnownMoments, factor: number): { se: number; df: number } {
  const estimate = meanEstimate(control);
  const scaled = { ...estimate, variance: estimate.variance * factor * factor };
  const other = meanEstimate(treatment);
  return { se: Math.sqrt(scaled.variance + other.variance), df: welchDegrees(scaled, other) };
}

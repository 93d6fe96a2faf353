import { checkNumbers } from "../input/check-input.ts";
import { effectFor } from "./normal-power.ts";

/** What {@link sampleSizeForNoninferiority} is asked. */
export interface NoninferiorityQuestion {
  /** Standard deviation of the metric, > 0. */
  readonly sd: number;
  /** Largest harm that does not matter, in the metric's units, ≥ 0. */
  readonly margin: number;
  /** True effect that is expected, positive when it is good; 0 by default. */
  readonly trueDelta?: number;
  /** One-sided level, above 0 and below 1. */
  readonly alpha: number;
  /** Probability to show non-inferiority, above alpha and below 1. */
  readonly power: number;
}

/** Size of each of two equal arms. */
export type NoninferioritySize =
  | { readonly status: "ok"; readonly perArmExact: number; readonly perArm: number }
  /** The true effect is beyond the margin: there is nothing to show. */
  | { readonly status: "impossible" };

/**
 * Subjects per arm needed to show that a guardrail holds.
 *
 * @throws LottyError `invalid_request`
 */
export function sampleSizeForNoninferiority(question: NoninferiorityQuestion): NoninferioritySize {
  const { sd, margin, trueDelta = 0, alpha, power } = question;
  checkNumbers("positive", { sd });
  checkNumbers("not negative", { margin });
  checkNumbers("finite", { trueDelta });
  const effect = effectFor(power, { alpha, sides: 1 });
  const room = margin + trueDelta;
  if (room <= 0) return { status: "impossible" };
  const perArmExact = 2 * ((effect * sd) / room) ** 2;
  return { status: "ok", perArmExact, perArm: Math.ceil(perArmExact) };
}

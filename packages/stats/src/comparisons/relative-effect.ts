import type { BoundedInterval, DeltaLift, RelativeEffect } from "./comparison.ts";

/** Two estimates whose quotient is wanted. */
export interface RelativeInput {
  readonly control: number;
  readonly treatment: number;
  /** Treatment less control. */
  readonly diff: number;
  /** Standard error of the difference, > 0. */
  readonly se: number;
  readonly controlVariance: number;
  readonly treatmentVariance: number;
  readonly covariance: number;
  /** How many standard errors the two-sided test asks for. */
  readonly critical: number;
}

/** The relative effect: lift, Fieller's interval and, for comparison, the delta method's. */
export function relativeEffect(input: RelativeInput): RelativeEffect {
  if (input.control === 0) return { status: "undefined" };
  const scaled = inUnitsOfControl(input);
  const lift = input.diff / Math.abs(input.control);
  const delta = deltaLift(lift, scaled);
  const bounds = fiellerBounds(scaled);
  // Control's mean is so small that what is relative to it is no double.
  if (!Number.isFinite(delta.low) || !Number.isFinite(delta.high)) return { status: "undefined" };
  if (bounds === null) return { status: "unbounded", lift, delta };
  const fieller = input.control > 0 ? bounds : { low: -bounds.high, high: -bounds.low };
  return { status: "ok", lift, fieller, delta };
}

/** The same with control's mean as the unit, so that no square overflows. A negative mean turns the sign of the difference. */
function inUnitsOfControl(input: RelativeInput): RelativeInput {
  const { control } = input;
  return {
    control: 1,
    treatment: input.treatment / control,
    diff: input.diff / control,
    se: input.se / Math.abs(control),
    controlVariance: input.controlVariance / control / control,
    treatmentVariance: input.treatmentVariance / control / control,
    covariance: input.covariance / control / control,
    critical: input.critical,
  };
}

/**
 * Fieller's interval for treatment - 1 with control's mean as the unit; `null` when it is unbounded because control is less than
 * `critical` standard errors from 0.
 *
 * Its bounds are the roots u of a u² - 2h u + e = 0, where a = 1 - c² V_C, h = diff + c² (V_C - V_CT) and e = diff² - c² se².
 * Written like this, the sign of e, which decides whether the interval excludes 0, is that of |t| - c: the decision of the test.
 *
 * Source: Fieller (1954), "Some problems in interval estimation".
 */
function fiellerBounds(input: RelativeInput): BoundedInterval | null {
  const { diff, se, controlVariance, treatmentVariance, covariance, critical } = input;
  const squared = critical * critical;
  const a = 1 - squared * controlVariance;
  if (a <= 0) return null;
  const middle = diff + squared * (controlVariance - covariance);
  const spread = quotientVariance(input) - squared * (controlVariance * treatmentVariance - covariance * covariance);
  const root = critical * Math.sqrt(Math.max(0, spread));
  // The root of larger size first; the other follows from the product of the two without cancellation.
  const sum = middle >= 0 ? middle + root : middle - root;
  const product = (diff - critical * se) * (diff + critical * se);
  const bounds = [sum / a, sum === 0 ? 0 : product / sum];
  return { low: Math.min(...bounds), high: Math.max(...bounds) };
}

/** Lift with a symmetric interval from its linearised variance; what most other tools show. */
function deltaLift(lift: number, scaled: RelativeInput): DeltaLift {
  const se = Math.sqrt(Math.max(0, quotientVariance(scaled)));
  return { se, low: lift - scaled.critical * se, high: lift + scaled.critical * se };
}

/** Linearised variance of treatment/control, with control's mean as the unit. */
function quotientVariance({ treatment, controlVariance, treatmentVariance, covariance }: RelativeInput): number {
  return treatmentVariance + treatment * treatment * controlVariance - 2 * treatment * covariance;
}

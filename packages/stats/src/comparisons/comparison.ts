import type { Alternative, PValue } from "../distributions/p-value.ts";

/** Bounds around an estimate; `null` where there is no bound on that side. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Bounds around an estimate, both there. */
export interface BoundedInterval {
  readonly low: number;
  readonly high: number;
}

/** Why two arms cannot be tested against each other. The first that applies, in this order. */
export type Untestable =
  /** An arm has no subjects. */
  | "no_data"
  /** The denominator of an arm's ratio is 0 on average. */
  | "zero_denominator"
  /** An arm has too few subjects for a variance. */
  | "insufficient_data"
  /** Nothing varies, so there is nothing to measure the difference with. */
  | "zero_variance";

/** What is asked of a comparison of treatment and control. */
export interface TestOptions {
  /** Probability of a false alarm, above 0 and below 1; intervals have the confidence 1 - alpha. */
  readonly alpha: number;
  /** `two-sided` by default. One-sided tests have one-sided intervals; relative effects always have two bounds. */
  readonly alternative?: Alternative;
}

/** The relative effect by the delta method: symmetric, and not always of one opinion with the test. Shown for comparison. */
export interface DeltaLift extends BoundedInterval {
  readonly se: number;
}

/** The difference of the arms as a share of the absolute value of control's mean. */
export type RelativeEffect =
  | {
      readonly status: "ok";
      readonly lift: number;
      /** By Fieller's theorem, at the level alpha: excludes 0 exactly when the two-sided test rejects. */
      readonly fieller: BoundedInterval;
      readonly delta: DeltaLift;
    }
  /** Control's mean is too close to 0 for any bound: report the absolute difference. */
  | { readonly status: "unbounded"; readonly lift: number; readonly delta: DeltaLift }
  /** Control's mean is 0, or as good as. */
  | { readonly status: "undefined" };

/** The relative effect of arms that cannot be tested. */
export type UntestedRelativeEffect =
  | { readonly status: Untestable; readonly lift: number | null }
  | { readonly status: "undefined" };

/** A t-test of treatment against control, with everything that follows from the same decision. */
export interface TestedComparison extends PValue {
  readonly status: "ok";
  /** Treatment less control. */
  readonly diff: number;
  readonly se: number;
  /** Degrees of freedom by Welch and Satterthwaite. */
  readonly df: number;
  readonly t: number;
  readonly interval: Interval;
  readonly relative: RelativeEffect;
}

/** Two arms that cannot be tested: no p-value and no interval, rather than one that means nothing. */
export interface UntestedComparison {
  readonly status: Untestable;
  /** Treatment less control; `null` when that is not defined. */
  readonly diff: number | null;
  readonly relative: UntestedRelativeEffect;
}

/** How treatment compares with control. */
export type Comparison = TestedComparison | UntestedComparison;

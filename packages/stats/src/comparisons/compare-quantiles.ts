import { normalLogSf, normalUpperQuantile } from "../distributions/normal.ts";
import { symmetricPValue, type PValue } from "../distributions/p-value.ts";
import { checkNumbers } from "../input/check-input.ts";
import { estimateQuantile, type ArmValues, type QuantileEstimate } from "./estimate-quantile.ts";
import type { BoundedInterval } from "./comparison.ts";
import { differenceOf } from "./untested.ts";

/** What is asked of a comparison of quantiles. */
export interface QuantileOptions {
  /** Which quantile, above 0 and below 1: 0.5 for the median. */
  readonly q: number;
  /** Probability of a false alarm of the two-sided test. */
  readonly alpha: number;
}

/** A normal test of the difference of two quantiles; each arm says by its own status what is known of it. */
export type QuantileComparison = {
  readonly control: QuantileEstimate;
  readonly treatment: QuantileEstimate;
} & (
  | (PValue & {
      readonly status: "ok";
      readonly diff: number;
      readonly se: number;
      readonly z: number;
      readonly interval: BoundedInterval;
    })
  | { readonly status: Exclude<QuantileEstimate["status"], "ok">; readonly diff: number | null }
);

/**
 * Compares a quantile of two arms, such as the 95th percentile of latency; with the clusters of the values (the subjects that
 * they come from) when a subject has several.
 *
 * Source: Deng, Knoblich & Lu (2018), Yao, Li & Lu (2024). O(n log n).
 *
 * @throws LottyError `invalid_request`
 */
export function compareQuantiles(
  arms: { readonly control: ArmValues; readonly treatment: ArmValues },
  { q, alpha }: QuantileOptions,
): QuantileComparison {
  checkNumbers("probability", { q, alpha });
  const control = estimateQuantile("control", arms.control, q);
  const treatment = estimateQuantile("treatment", arms.treatment, q);
  const both = { control, treatment };
  const diff = differenceOf(control.quantile, treatment.quantile);
  if (control.status !== "ok" || treatment.status !== "ok" || diff === null) {
    return { ...both, status: firstProblem(control, treatment), diff };
  }
  const se = Math.hypot(control.se, treatment.se);
  const z = diff / se;
  const margin = se * normalUpperQuantile(alpha / 2);
  return {
    ...both,
    status: "ok",
    diff,
    se,
    z,
    ...symmetricPValue(z, "two-sided", normalLogSf),
    interval: { low: diff - margin, high: diff + margin },
  };
}

const PROBLEMS = ["no_data", "insufficient_data", "zero_variance"] as const;

/** The status that comes first for a comparison when an arm has it. */
function firstProblem(control: QuantileEstimate, treatment: QuantileEstimate): (typeof PROBLEMS)[number] {
  const found = PROBLEMS.find((problem) => control.status === problem || treatment.status === problem);
  return found ?? "zero_variance";
}

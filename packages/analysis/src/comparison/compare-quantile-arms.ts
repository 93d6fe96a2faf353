import {
  type ArmValues,
  compareEstimates,
  compareQuantiles,
  type Comparison,
  type QuantileComparison,
} from "@lotty/stats";

/** Both arms' values of a quantile metric, with the subject that each comes from. */
export interface QuantileArms {
  readonly control: ArmValues;
  readonly treatment: ArmValues;
}

/** Degrees of freedom at which Student's t is the normal distribution to the last digits. */
const AS_GOOD_AS_NORMAL = 1e15;

/** A quantile of both arms with its standard errors, clustered by subject, to be compared at any level. O(n log n). */
export function quantileEstimates(arms: QuantileArms, q: number): QuantileComparison {
  // Estimates do not depend on the level.
  return compareQuantiles(arms, { q, alpha: 0.05 });
}

/** Compares a quantile of both arms as other metrics are compared: difference, p-value, interval and lift from one decision. */
export function compareQuantileArms({ control, treatment, ...known }: QuantileComparison, alpha: number): Comparison {
  if (control.status !== "ok" || treatment.status !== "ok") {
    const status = known.status === "ok" ? "zero_variance" : known.status;
    return { status, diff: known.diff, relative: { status, lift: null } };
  }
  const estimate = ({ quantile, se }: { readonly quantile: number; readonly se: number }) =>
    ({ mean: quantile, variance: se * se, degrees: AS_GOOD_AS_NORMAL }) as const;
  return compareEstimates({ control: estimate(control), treatment: estimate(treatment) }, alpha);
}

/** The quantile of one arm; `null` without values. */
export function quantileOf(arm: ArmValues, q: number): number | null {
  return quantileEstimates({ control: arm, treatment: NO_VALUES }, q).control.quantile;
}

const NO_VALUES: ArmValues = { values: [] };

import { type ArmValues, compareEstimates, compareQuantiles, type Comparison } from "@lotty/stats";

/** Both arms' values of a quantile metric, with the subject that each comes from. */
export interface QuantileArms {
  readonly control: ArmValues;
  readonly treatment: ArmValues;
}

/** Degrees of freedom at which Student's t is the normal distribution to the last digits. */
const AS_GOOD_AS_NORMAL = 1e15;

/**
 * Compares a quantile of both arms, clustered by subject, as other metrics are compared: difference, p-value, interval and lift
 * from one decision. The quantiles and their standard errors are those of `compareQuantiles`.
 */
export function compareQuantileArms(arms: QuantileArms, q: number, alpha: number): Comparison {
  const { control, treatment, ...known } = compareQuantiles(arms, { q, alpha });
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
  return compareQuantiles({ control: arm, treatment: NO_VALUES }, { q, alpha: 0.05 }).control.quantile;
}

const NO_VALUES: ArmValues = { values: [] };

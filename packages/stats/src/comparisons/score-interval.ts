import { findRoot } from "../numerics/find-root.ts";
import type { BoundedInterval } from "./comparison.ts";
import { shareDifference, type ProportionArms } from "./proportions.ts";

/**
 * Miettinen and Nurminen's interval for the difference of two proportions: all differences that a score test with `z` as its
 * critical value does not reject. The variance has their factor N/(N - 1).
 *
 * Source: Miettinen & Nurminen (1985), "Comparative analysis of two rates".
 */
export function scoreInterval(arms: ProportionArms, z: number): BoundedInterval {
  const observed = shareDifference(arms);
  const excess = (difference: number): number =>
    Math.abs(observed - difference) - z * Math.sqrt(varianceAt(arms, difference));
  return {
    low: observed === -1 ? -1 : findRoot(excess, { low: -1, high: observed }),
    high: observed === 1 ? 1 : findRoot((difference) => -excess(difference), { low: observed, high: 1 }),
  };
}

/** Variance of the difference if it were what is given, with the proportions that are then most likely. */
function varianceAt(arms: ProportionArms, difference: number): number {
  const { control, treatment } = arms;
  const n = control.n + treatment.n;
  const share = likeliestControlShare(arms, difference);
  const other = share + difference;
  const variance = (share * (1 - share)) / control.n + (other * (1 - other)) / treatment.n;
  // A share at the edge of what is possible may come out beyond it by its rounding.
  return (Math.max(0, variance) * n) / (n - 1);
}

/** Control's share with the highest likelihood among those that leave treatment's share the difference above. */
function likeliestControlShare({ control, treatment }: ProportionArms, difference: number): number {
  const low = Math.max(0, -difference);
  const high = Math.min(1, 1 - difference);
  // The derivative of the log-likelihood falls from left to right; where it has one sign only, an edge is likeliest.
  const slope = (share: number): number =>
    quotient(control.successes, share) -
    quotient(control.n - control.successes, 1 - share) +
    quotient(treatment.successes, share + difference) -
    quotient(treatment.n - treatment.successes, 1 - share - difference);
  if (slope(low) <= 0) return low;
  if (slope(high) >= 0) return high;
  return findRoot(slope, { low, high });
}

/** How strongly a count pulls; none pulls not at all, not even at the edge. */
function quotient(count: number, share: number): number {
  return count === 0 ? 0 : count / Math.max(0, share);
}

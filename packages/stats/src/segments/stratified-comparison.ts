import type { BoundedInterval, Untestable } from "../comparisons/comparison.ts";
import { normalLogSf, normalUpperQuantile } from "../distributions/normal.ts";
import { symmetricPValue, type PValue } from "../distributions/p-value.ts";

/** A comparison within strata, put together by the sizes of the strata. */
export type StratifiedComparison =
  | (PValue & {
      readonly status: "ok";
      readonly diff: number;
      /** Standard error if the sizes of the strata were fixed. */
      readonly seFixedWeights: number;
      /** Standard error with the sizes as random as they are. */
      readonly se: number;
      readonly z: number;
      readonly interval: BoundedInterval;
      /** Difference of the arms without strata. */
      readonly unadjustedDiff: number;
      /** Whether all strata say one thing and the arms as a whole the opposite. */
      readonly simpsonReversal: boolean;
    })
  | { readonly status: Untestable };

/** What a comparison within strata is concluded from. */
export interface StratifiedDifference {
  readonly diff: number;
  /** Variance of the difference for fixed sizes of the strata. */
  readonly fixedVariance: number;
  /** What the sizes add to it by being random. */
  readonly mixVariance: number;
  readonly unadjustedDiff: number;
  /** The difference within each stratum. */
  readonly effects: readonly number[];
}

/** Test, interval and flag of a difference that was put together from strata. */
export function concludeStratified(
  { diff, effects, fixedVariance, mixVariance, unadjustedDiff }: StratifiedDifference,
  alpha: number,
): StratifiedComparison {
  const se = Math.sqrt(fixedVariance + mixVariance);
  if (se === 0) return { status: "zero_variance" };
  const z = diff / se;
  const margin = se * normalUpperQuantile(alpha / 2);
  return {
    status: "ok",
    diff,
    seFixedWeights: Math.sqrt(fixedVariance),
    se,
    z,
    ...symmetricPValue(z, "two-sided", normalLogSf),
    interval: { low: diff - margin, high: diff + margin },
    unadjustedDiff,
    simpsonReversal: effects.every((effect) => effect !== 0 && Math.sign(effect) === -Math.sign(unadjustedDiff)),
  };
}

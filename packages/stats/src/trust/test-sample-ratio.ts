import { chiSquaredLogSf } from "../distributions/chi-squared.ts";
import { pValueOf, type PValue } from "../distributions/p-value.ts";
import { checkEach } from "../input/check-input.ts";
import { deviationsFrom } from "./expected-counts.ts";

/** One arm of an experiment as it was meant and as it came out. */
export interface ArmCounts {
  /** Subjects per arm, ≥ 0. */
  readonly counts: readonly number[];
  /** Shares that were meant, relative to the sum of all, ≥ 0. */
  readonly weights: readonly number[];
}

/** Why counts cannot be tested against weights. The first that applies, in this order. */
export type UntestableCounts =
  /** An arm without a weight has subjects, which is wrong whatever the others have. */
  | "unexpected_variant"
  /** There are no subjects. */
  | "no_data"
  /** Fewer than two arms have a weight. */
  | "single_arm";

/** Pearson's chi-squared test of counts against weights. */
export type SampleRatioTest =
  | (PValue & {
      readonly status: "ok";
      readonly chiSquared: number;
      /** Degrees of freedom: the arms with a weight, less one. */
      readonly df: number;
    })
  | { readonly status: UntestableCounts };

/**
 * Tests once whether subjects were spread over the arms as the weights say. A p-value below 0.001 says that the experiment
 * cannot be trusted. For looks every day use {@link sampleRatioSequence}: repeated, this test alarms too often.
 *
 * Source: Pearson (1900); Fabijan et al. (2019), "Diagnosing sample ratio mismatch".
 *
 * @throws LottyError `invalid_request`
 */
export function testSampleRatio({ counts, weights }: ArmCounts): SampleRatioTest {
  checkEach("count", "counts", counts);
  const deviations = deviationsFrom(weights, counts);
  const problem = untestableCounts(deviations);
  if (problem !== null) return { status: problem };
  const weighted = deviations.filter(({ share }) => share > 0);
  const df = weighted.length - 1;
  const chiSquared = weighted.reduce((sum, { difference, expected }) => sum + difference * (difference / expected), 0);
  return { status: "ok", chiSquared, df, ...pValueOf(chiSquaredLogSf(chiSquared, df)) };
}

/** The first reason not to test these counts; `null` when there is none. */
export function untestableCounts(
  arms: readonly { readonly count: number; readonly share: number }[],
): UntestableCounts | null {
  if (arms.some(({ count, share }) => share === 0 && count > 0)) return "unexpected_variant";
  if (arms.every(({ count }) => count === 0)) return "no_data";
  return arms.filter(({ share }) => share > 0).length < 2 ? "single_arm" : null;
}

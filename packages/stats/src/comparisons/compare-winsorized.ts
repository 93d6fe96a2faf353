import { checkEach, checkNumbers, invalidInput } from "../input/check-input.ts";
import { momentsOf, type Moments } from "../moments/moments.ts";
import { compareMeans } from "./compare-means.ts";
import type { Comparison, TestOptions } from "./comparison.ts";
import { ascending, percentileOf } from "./percentile.ts";

/** Where values are cut off. */
export interface WinsorizeOptions extends TestOptions {
  /** Percentile (0 to 1) below which values are raised to it; `null` for no lower cap. */
  readonly low: number | null;
  /** Percentile (0 to 1) above which values are lowered to it; `null` for no upper cap. */
  readonly high: number | null;
  /** Whether zeros are left out when the percentiles are taken. */
  readonly ignoreZeros: boolean;
}

/** One value per subject. */
export interface ValueArms {
  readonly control: readonly number[];
  readonly treatment: readonly number[];
}

/** A comparison of means after extreme values were pulled in. */
export interface WinsorizedComparison {
  /** `null` where nothing was cut off. */
  readonly capLow: number | null;
  readonly capHigh: number | null;
  /** The arms after the cut. */
  readonly control: Moments;
  readonly treatment: Moments;
  readonly test: Comparison;
}

/**
 * Compares two means after pulling extreme values in to percentiles. Both arms have the same caps, taken from both together:
 * caps of their own would hide an effect on the extremes. O(n log n).
 *
 * @throws LottyError `invalid_request`
 */
export function compareWinsorized(arms: ValueArms, options: WinsorizeOptions): WinsorizedComparison {
  checkEach("finite", "control", arms.control);
  checkEach("finite", "treatment", arms.treatment);
  const { capLow, capHigh } = capsOf([...arms.control, ...arms.treatment], options);
  const clip = (value: number): number => Math.min(Math.max(value, capLow ?? value), capHigh ?? Infinity);
  const control = momentsOf(arms.control.map(clip));
  const treatment = momentsOf(arms.treatment.map(clip));
  return { capLow, capHigh, control, treatment, test: compareMeans({ control, treatment }, options) };
}

function capsOf(
  values: readonly number[],
  { low, high, ignoreZeros }: WinsorizeOptions,
): { readonly capLow: number | null; readonly capHigh: number | null } {
  checkNumbers("share", { low: low ?? 0, high: high ?? 1 });
  if (low !== null && high !== null && low > high) throw invalidInput("low has to be at most high.");
  const pool = ascending(ignoreZeros ? values.filter((value) => value !== 0) : values);
  const capAt = (share: number | null): number | null =>
    share === null || pool.length === 0 ? null : percentileOf(pool, share);
  return { capLow: capAt(low), capHigh: capAt(high) };
}

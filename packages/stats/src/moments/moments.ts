import { checkNumbers, invalidInput } from "../input/check-input.ts";

/** All that the tests of a mean need to know of a set of values. */
export interface Moments {
  /** How many values, ≥ 0. */
  readonly n: number;
  /** Their mean; `null` when there are none. */
  readonly mean: number | null;
  /** Sum of the squared distances from the mean, ≥ 0; `null` when there are no values. */
  readonly m2: number | null;
}

/** {@link Moments} of at least one value. */
export interface KnownMoments extends Moments {
  readonly mean: number;
  readonly m2: number;
}

/** The moments of no values. */
export const NO_MOMENTS: Moments = { n: 0, mean: null, m2: null };

/**
 * The moments as given when they have values, `null` when they have none.
 *
 * @param name of the moments in the error's message
 * @throws LottyError `invalid_request` for a negative or broken count, a mean or m2 that is missing or not finite, m2 < 0
 */
export function knownMoments(name: string, { n, mean, m2 }: Moments): KnownMoments | null {
  checkNumbers("count", { [`${name}.n`]: n });
  if (n === 0) return null;
  if (mean === null || m2 === null) throw invalidInput(`${name} has ${String(n)} values, but no mean or no m2.`);
  checkNumbers("finite", { [`${name}.mean`]: mean });
  checkNumbers("not negative", { [`${name}.m2`]: m2 });
  return { n, mean, m2 };
}

/** Sample variance, with n - 1; `null` for fewer than two values. */
export function sampleVariance({ n, m2 }: Moments): number | null {
  return n < 2 || m2 === null ? null : m2 / (n - 1);
}

/** Moments of values at hand, in two passes: exact where sums of squares would cancel. O(n). */
export function momentsOf(values: readonly number[]): Moments {
  const n = values.length;
  const [first] = values;
  if (first === undefined) return NO_MOMENTS;
  // Distances from one of the values keep the digits that a sum of large values would drop.
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / n;
  let m2 = 0;
  let rest = 0;
  for (const value of values) {
    m2 += (value - mean) ** 2;
    rest += value - mean;
  }
  // What is left of the mean's own rounding.
  return { n, mean, m2: Math.max(0, m2 - (rest * rest) / n) };
}

import { normalQuantile } from "@lotty/stats";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A number of values from a distribution, summed up. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
}

/** Where values come from: those of recorded subjects, or none but with a mean and a variance. */
export interface ValueSource {
  /** Values to draw from; empty for a normal distribution. */
  readonly values: readonly number[];
  readonly mean: number;
  /** Above 0. */
  readonly variance: number;
  /** Whether all values are 0 or 1. */
  readonly isShare: boolean;
}

/** From so many values on, their sum is drawn from a normal distribution instead of one by one. */
const MANY = 200;

const TWO_TO_32 = 4_294_967_296;

/** From above 0 to below 1. */
export function uniform(random: RandomGenerator): number {
  return ((random.next() >>> 0) + 0.5) / TWO_TO_32;
}

/**
 * Draws values and sums them up.
 *
 * @param factor what every value is multiplied with; for shares, what the probability of a 1 is multiplied with
 */
export function drawSample(source: ValueSource, n: number, { factor, random }: DrawOptions): Sample {
  if (n === 0) return { n, mean: 0, m2: 0 };
  const mean = source.mean * factor;
  if (source.isShare) return drawShare(n, Math.min(1, Math.max(0, mean)), random);
  if (n >= MANY || source.values.length === 0) return drawMany(n, mean, { ...source, factor, random });
  let sum = 0;
  let squares = 0;
  // Distances from the mean keep the digits that sums of large squares would drop.
  for (let index = 0; index < n; index += 1) {
    const value = source.values[Math.floor(uniform(random) * source.values.length)] ?? source.mean;
    const distance = (value - source.mean) * factor;
    sum += distance;
    squares += distance * distance;
  }
  return { n, mean: mean + sum / n, m2: Math.max(0, squares - (sum * sum) / n) };
}

/** How values are drawn. */
export interface DrawOptions {
  readonly factor: number;
  readonly random: RandomGenerator;
}

function drawShare(n: number, p: number, random: RandomGenerator): Sample {
  let ones = 0;
  if (n >= MANY && n * p * (1 - p) >= 25) {
    ones = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normalQuantile(uniform(random)));
    ones = Math.min(n, Math.max(0, ones));
  } else {
    for (let index = 0; index < n; index += 1) if (uniform(random) < p) ones += 1;
  }
  return { n, mean: ones / n, m2: (ones * (n - ones)) / n };
}

function drawMany(n: number, mean: number, { factor, random, variance }: ValueSource & DrawOptions): Sample {
  const spread = variance * factor * factor;
  return { n, mean: mean + Math.sqrt(spread / n) * normalQuantile(uniform(random)), m2: spread * (n - 1) };
}

import erfc from "@stdlib/math-base-special-erfc";
import erfcinv from "@stdlib/math-base-special-erfcinv";
import erfcx from "@stdlib/math-base-special-erfcx";
import { continuedFraction } from "./continued-fraction.ts";

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Probability that a standard normal variable is at most `z`. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** Probability that a standard normal variable exceeds `z`; keeps its relative accuracy where `1 - normalCdf(z)` is 0. */
export function normalSf(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/** ln of {@link normalSf}, a number for every `z` whose square is one. */
export function normalLogSf(z: number): number {
  if (z <= 0) return Math.log1p(-normalCdf(z));
  return Math.log(erfcx(z / Math.SQRT2) / 2) - (z * z) / 2;
}

/** Density of the standard normal distribution. */
export function normalPdf(z: number): number {
  return Math.exp(-(z * z) / 2) / SQRT_TWO_PI;
}

/** The `z` that a standard normal variable does not exceed with probability `p`, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return p >= 0.5 ? normalUpperQuantile(1 - p) : -normalUpperQuantile(p);
}

/** The `z` that a standard normal variable exceeds with probability `p`, 0 < p < 1. */
export function normalUpperQuantile(p: number): number {
  return Math.SQRT2 * erfcinv(2 * p);
}

/** From here on the fraction needs fewer than a hundred terms, and the difference of the direct form has lost a digit. */
const FRACTION_FROM = 3;

/**
 * E[max(Z - z, 0)] of a standard normal Z: what is lost on average when a threshold is exceeded. For large `z` it is the
 * difference φ(z) - z·sf(z) of nearly equal numbers; there it is taken from the continued fraction of Mills' ratio, which has
 * no difference in it.
 */
export function normalExcess(z: number): number {
  if (z < FRACTION_FROM) return normalPdf(z) - z * normalSf(z);
  // Mills' ratio is 1/(z + r) with r = 1/(z + 2/(z + 3/…)), so that 1 - z/(z + r) = r/(z + r).
  const r = 1 / continuedFraction(z, (index) => ({ a: index + 1, b: z }));
  return (normalPdf(z) * r) / (z + r);
}

import { continuedFraction } from "./continued-fraction.ts";
import { deviance } from "./deviance.ts";
import { stirlingError } from "./stirling.ts";
import type { LogTails } from "./log-tails.ts";
import { complementOf } from "./log-tails.ts";

/** Where the regularised incomplete beta function is taken. */
export interface BetaPoint {
  /** 0 to 1. */
  readonly x: number;
  /** 1 - x, apart from it because subtracting loses the digits of whatever is close to 1. */
  readonly y: number;
  /** > 0. */
  readonly a: number;
  /** > 0. */
  readonly b: number;
}

/**
 * Natural logarithms of the regularised incomplete beta function I_x(a, b) and of its complement I_y(b, a). The smaller one
 * keeps its relative accuracy down to where only its logarithm is a number. O(√max(a, b)) steps.
 *
 * Source: DiDonato & Morris (1992), "Algorithm 708", the continued fraction BFRAC; its factor by Loader's deviances.
 */
export function logIncompleteBeta(point: BetaPoint): LogTails {
  const { x, y, a, b } = point;
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (y <= 0) return { lower: 0, upper: -Infinity };
  // The fraction converges quickly below the mean, and the tail that it gives is then the smaller one.
  if (a * y > b * x) {
    const lower = logLower(point);
    return { lower, upper: complementOf(lower) };
  }
  const upper = logLower({ x: y, y: x, a: b, b: a });
  return { lower: complementOf(upper), upper };
}

function logLower(point: BetaPoint): number {
  const { x, y, a, b } = point;
  // How far x is below the mean, in the one form that does not cancel.
  const distance = a * y - b * x;
  const denominator = (m: number): number =>
    m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) * (distance + 1 + m * (1 + y))) / (a + 2 * m + 1);
  const fraction = continuedFraction((a * (distance + 1)) / (a + 1), (m) => ({
    a: ((a + m - 1) / (a + 2 * m - 1)) * ((a + b + m - 1) / (a + 2 * m - 1)) * m * (b - m) * x * x,
    b: denominator(m),
  }));
  return logBetaKernel(point) - Math.log(fraction);
}

/** ln of x^a y^b / B(a, b): x y times the density. */
export function logBetaKernel({ x, y, a, b }: BetaPoint): number {
  const n = a + b;
  const corrections = stirlingError(n) - stirlingError(a) - stirlingError(b);
  // b y - a x is both how far a is above n x and how far b is below n y.
  const difference = a * y - b * x;
  return (
    0.5 * (Math.log(a) + Math.log(b / n) - Math.log(2 * Math.PI)) +
    corrections -
    deviance(a, n * x, difference) -
    deviance(b, n * y, -difference)
  );
}

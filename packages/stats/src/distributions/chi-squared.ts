import { logGammaKernel, logIncompleteGamma } from "./incomplete-gamma.ts";
import { normalUpperQuantile } from "./normal.ts";
import { solveLogTail } from "./solve-log-tail.ts";

/** Probability that a chi-squared variable with `degrees` > 0 degrees of freedom exceeds `x` ≥ 0. */
export function chiSquaredSf(x: number, degrees: number): number {
  return Math.exp(chiSquaredLogSf(x, degrees));
}

/** ln of {@link chiSquaredSf}, a number where the probability itself underflows. */
export function chiSquaredLogSf(x: number, degrees: number): number {
  return logIncompleteGamma(degrees / 2, x / 2).upper;
}

/** The value that a chi-squared variable exceeds with probability `p`, 0 < p < 1. */
export function chiSquaredUpperQuantile(p: number, degrees: number): number {
  const a = degrees / 2;
  const upper = p <= 0.5;
  const logHalf = solveLogTail({
    logTarget: Math.log(upper ? p : 1 - p),
    direction: upper ? -1 : 1,
    start: Math.log(upper ? cubeRootApproximation(p, degrees) / 2 : a),
    tailAt: (u) => {
      const half = Math.exp(u);
      const tails = logIncompleteGamma(a, half);
      return { logTail: upper ? tails.upper : tails.lower, logSlope: logGammaKernel(a, half) };
    },
  });
  return 2 * Math.exp(logHalf);
}

/** The quantile from the cube root being nearly normal (Wilson & Hilferty 1931): near enough to start from in the upper tail. */
function cubeRootApproximation(p: number, degrees: number): number {
  const variance = 2 / (9 * degrees);
  return degrees * Math.max(1 - variance + normalUpperQuantile(p) * Math.sqrt(variance), 1) ** 3;
}

import { logBetaKernel, logIncompleteBeta, type BetaPoint } from "./incomplete-beta.ts";
import { solveLogTail } from "./solve-log-tail.ts";

/** The two parameters of a beta distribution, both > 0. */
export interface BetaParameters {
  readonly alpha: number;
  readonly beta: number;
}

/** Probability that a beta variable is at most `x`, 0 ≤ x ≤ 1. */
export function betaCdf(x: number, { alpha, beta }: BetaParameters): number {
  return Math.exp(logIncompleteBeta({ x, y: 1 - x, a: alpha, b: beta }).lower);
}

/** Probability that a beta variable exceeds `x`, 0 ≤ x ≤ 1. */
export function betaSf(x: number, { alpha, beta }: BetaParameters): number {
  return Math.exp(logIncompleteBeta({ x, y: 1 - x, a: alpha, b: beta }).upper);
}

/** The value that a beta variable does not exceed with probability `p`, 0 < p < 1. */
export function betaQuantile(p: number, { alpha, beta }: BetaParameters): number {
  const lower = p <= 0.5;
  const logit = solveLogTail({
    logTarget: Math.log(lower ? p : 1 - p),
    direction: lower ? 1 : -1,
    start: Math.log(alpha / beta),
    tailAt: (u) => {
      const point = pointAtLogit(u, { alpha, beta });
      const tails = logIncompleteBeta(point);
      return { logTail: lower ? tails.lower : tails.upper, logSlope: logBetaKernel(point) };
    },
  });
  return pointAtLogit(logit, { alpha, beta }).x;
}

/** The point with ln(x/y) = `logit`, both x and y with all their digits. */
export function pointAtLogit(logit: number, { alpha, beta }: BetaParameters): BetaPoint {
  return { x: 1 / (1 + Math.exp(-logit)), y: 1 / (1 + Math.exp(logit)), a: alpha, b: beta };
}

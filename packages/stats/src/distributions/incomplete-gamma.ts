import { continuedFraction } from "./continued-fraction.ts";
import { deviance } from "./deviance.ts";
import type { LogTails } from "./log-tails.ts";
import { complementOf } from "./log-tails.ts";
import { stirlingError } from "./stirling.ts";

/** Terms of the power series; it needs about the square root of its parameter. */
const MAX_TERMS = 5_000_000;

/**
 * Natural logarithms of the regularised incomplete gamma functions P(a, x) and Q(a, x), for `a` > 0 and `x` ≥ 0. O(√a) steps.
 *
 * Source: DLMF 8.11.4 (series) below the mean, 8.9.2 (continued fraction) above.
 */
export function logIncompleteGamma(a: number, x: number): LogTails {
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (x < a + 1) {
    const lower = logGammaKernel(a, x) - Math.log(a) + Math.log(series(a, x));
    return { lower, upper: complementOf(lower) };
  }
  const fraction = continuedFraction(x + 1 - a, (index) => ({ a: index * (a - index), b: x + 2 * index + 1 - a }));
  const upper = logGammaKernel(a, x) - Math.log(fraction);
  return { lower: complementOf(upper), upper };
}

/** Σ xⁿ / ((a+1)…(a+n)). */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MAX_TERMS; n += 1) {
    term *= x / (a + n);
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** ln of x^a e^-x / Γ(a): x times the density. */
export function logGammaKernel(a: number, x: number): number {
  return 0.5 * Math.log(a / (2 * Math.PI)) - stirlingError(a) - deviance(a, x);
}

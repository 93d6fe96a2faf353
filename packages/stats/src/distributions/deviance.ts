/** Up to this relative distance the series converges faster than the logarithm loses digits. */
const NEAR = 0.1;

/** Terms of the series; at the edge of {@link NEAR} each adds two digits or more. */
const MAX_TERMS = 100;

/**
 * The deviance x ln(x/m) + m - x of an observed `x` > 0 from an expected `m` > 0, without the cancellation of its terms when
 * the two are close.
 *
 * @param difference x - m, for callers who know it better than by subtracting
 * Source: Loader (2000), "Fast and accurate computation of binomial probabilities", section 5.
 */
export function deviance(x: number, m: number, difference: number = x - m): number {
  if (Math.abs(difference) >= NEAR * (x + m)) return x * Math.log(x / m) - difference;
  const v = difference / (x + m);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let j = 1; j < MAX_TERMS; j += 1) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

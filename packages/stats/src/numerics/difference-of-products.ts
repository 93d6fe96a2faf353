/** Splits a double into two halves whose products are exact (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;

/**
 * a·b - c·d with both products exact: the small differences between counts of billions and what was expected of them keep all
 * their digits.
 */
export function differenceOfProducts([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number {
  const left = a * b;
  const right = c * d;
  return left - right + (roundingOf(a, b, left) - roundingOf(c, d, right));
}

/** What a·b lost when it was rounded to `product`. */
function roundingOf(a: number, b: number, product: number): number {
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function split(value: number): readonly [number, number] {
  const scaled = SPLITTER * value;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

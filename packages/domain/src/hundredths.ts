/**
 * A decimal with two places held as a whole number of hundredths: 33.33 % is `3333`. Percentages and weights are never
 * held as binary fractions, because comparing those disagrees with exact decimals for hundreds of two-place values.
 */
export type Hundredths = number;

/** A traffic allocation of 100.00 %. */
export const FULL_ALLOCATION: Hundredths = 10_000;

const DECIMAL = /^(\d{1,7})(?:\.(\d+))?$/;

/**
 * Reads a non-negative decimal text ("50", "33.3", "0.01") exactly.
 *
 * @returns the hundredths, or `undefined` when the text is not a non-negative decimal of at most two significant
 * places and seven digits before the point (so that a bucket times the sum of 900 such weights stays a safe integer)
 */
export function parseHundredths(text: string): Hundredths | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const places = (match[2] ?? "").replace(/0+$/, "");
  if (places.length > 2) return undefined;
  return Number(match[1]) * 100 + Number(places.padEnd(2, "0"));
}

/** Prints hundredths as a decimal with two places: `3333` gives "33.33". */
export function formatHundredths(value: Hundredths): string {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, "0")}`;
}

/** Rounding of a handful of operations, relative to the sums they were made of. */
const ROUNDING = 2 ** -48;

/**
 * A sum of squares that came from subtracting larger ones: 0 when it is no more than their rounding, so that arms in which one
 * column determines the other count as not varying.
 */
export function withoutRounding(remainder: number, total: number): number {
  return remainder <= total * ROUNDING ? 0 : remainder;
}

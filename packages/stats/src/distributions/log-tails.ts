/** Natural logarithms of the two tails of a distribution at a point: they are those of p and 1 - p. */
export interface LogTails {
  /** ln P(X ≤ x); -Infinity when it cannot be. */
  readonly lower: number;
  /** ln P(X > x). */
  readonly upper: number;
}

/** ln(1 - p), given ln p ≤ 0, accurate at both ends. */
export function complementOf(logP: number): number {
  // Source: Mächler (2012), "Accurately computing log(1 - exp(-|a|))".
  return logP > -Math.LN2 ? Math.log(-Math.expm1(Math.min(logP, 0))) : Math.log1p(-Math.exp(logP));
}

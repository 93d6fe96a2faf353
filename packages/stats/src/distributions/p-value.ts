/** How often chance alone produces something at least as extreme. */
export interface PValue {
  /** 0 to 1; 0 where the probability is smaller than any double. */
  readonly p: number;
  /** Decimal logarithm of the probability, valid where `p` underflows. `null` only when the probability is 0 itself. */
  readonly log10P: number | null;
}

/** The p-value with the natural logarithm `logP`; logarithms that rounding has put above 0 count as 0. */
export function pValueOf(logP: number): PValue {
  if (logP === -Infinity) return { p: 0, log10P: null };
  // Adding 0 turns the -0 of a certain event into 0.
  return { p: Math.exp(Math.min(logP, 0)), log10P: Math.min(logP, 0) / Math.LN10 + 0 };
}

/** What is held against the hypothesis of no effect: an effect of any sign, a positive or a negative one. */
export type Alternative = "two-sided" | "greater" | "less";

/**
 * The p-value of a statistic of a distribution that is symmetric about 0.
 *
 * @param logSf ln of the probability to exceed a value
 */
export function symmetricPValue(statistic: number, alternative: Alternative, logSf: (value: number) => number): PValue {
  switch (alternative) {
    case "two-sided":
      return pValueOf(Math.LN2 + logSf(Math.abs(statistic)));
    case "greater":
      return pValueOf(logSf(statistic));
    case "less":
      return pValueOf(logSf(-statistic));
  }
}

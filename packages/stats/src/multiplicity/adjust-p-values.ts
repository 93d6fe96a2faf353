import { checkNumbers } from "../input/check-input.ts";

/**
 * How p-values of several tests are corrected. `bonferroni`, `holm` and `hochberg` bound the probability of any false alarm
 * (Hochberg needs tests that are independent or positively dependent), `bh` and `by` the share of false alarms among all alarms
 * (Benjamini & Yekutieli whatever the dependence).
 */
export type Correction = "bonferroni" | "holm" | "hochberg" | "bh" | "by";

/** The tests of a family after a correction, in the order they were given in. */
export interface AdjustedPValues {
  /** The least level at which each test rejects within its family; `null` where there was no p-value. */
  readonly adjusted: readonly (number | null)[];
  readonly rejected: readonly boolean[];
}

/**
 * Corrects the p-values of a family of tests. Tests without a p-value are kept and not counted. O(m log m).
 *
 * Source: Holm (1979), Hochberg (1988), Benjamini & Hochberg (1995), Benjamini & Yekutieli (2001).
 *
 * @throws LottyError `invalid_request` for p-values that are not from 0 to 1
 */
export function adjustPValues(
  pValues: readonly (number | null)[],
  { correction, alpha }: { readonly correction: Correction; readonly alpha: number },
): AdjustedPValues {
  checkNumbers("probability", { alpha });
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  for (const { p, index } of known) checkNumbers("share", { [`pValues[${String(index)}]`]: p });
  const adjusted: (number | null)[] = pValues.map(() => null);
  const inOrder = adjustAscending(
    known.map(({ p }) => p),
    correction,
  );
  for (const [rank, { index }] of known.entries()) adjusted[index] = inOrder[rank] ?? null;
  return { adjusted, rejected: adjusted.map((p) => p !== null && p <= alpha) };
}

/** Adjusted p-values of p-values in ascending order. */
function adjustAscending(pValues: readonly number[], correction: Correction): readonly number[] {
  const m = pValues.length;
  switch (correction) {
    case "bonferroni":
      return pValues.map((p) => Math.min(1, m * p));
    case "holm":
      return risingMaximum(pValues.map((p, rank) => (m - rank) * p));
    case "hochberg":
      return fallingMinimum(pValues.map((p, rank) => (m - rank) * p));
    case "bh":
      return fallingMinimum(pValues.map((p, rank) => (m * p) / (rank + 1)));
    case "by": {
      const harmonic = pValues.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0);
      return fallingMinimum(pValues.map((p, rank) => (harmonic * m * p) / (rank + 1)));
    }
  }
}

/** The largest value so far, at most 1. */
function risingMaximum(values: readonly number[]): readonly number[] {
  let largest = 0;
  return values.map((value) => (largest = Math.min(1, Math.max(largest, value))));
}

/** The smallest value from here on, at most 1. */
function fallingMinimum(values: readonly number[]): readonly number[] {
  let smallest = 1;
  return values
    .toReversed()
    .map((value) => (smallest = Math.min(smallest, value)))
    .toReversed();
}

import { momentsOf } from "@lotty/stats";

/** A share of experiments, with how far chance alone moves it: 1.96 standard errors. */
export interface Share {
  readonly share: number;
  readonly error: number;
}

/** The share of outcomes of which something is true. */
export function shareOf<T>(outcomes: readonly T[], is: (outcome: T) => boolean): Share {
  if (outcomes.length === 0) return { share: 0, error: 1 };
  const share = outcomes.filter(is).length / outcomes.length;
  return { share, error: errorOf(share, outcomes.length) };
}

/** The mean of something that lies between 0 and 1. */
export function meanShareOf<T>(outcomes: readonly T[], valueOf: (outcome: T) => number): Share {
  const { m2, mean, n } = momentsOf(outcomes.map(valueOf));
  if (mean === null || m2 === null || n < 2) return { share: mean ?? 0, error: 1 };
  return { share: mean, error: 1.96 * Math.sqrt(m2 / (n - 1) / n) };
}

/** 1.96 standard errors of a share. */
export function errorOf(share: number, of: number): number {
  return 1.96 * Math.sqrt((share * (1 - share)) / of);
}

/** Whether an interval holds the truth; a bound that is missing is none. */
export function holds(
  interval: { readonly low: number | null; readonly high: number | null } | null,
  truth: number,
): boolean {
  return (interval?.low ?? -Infinity) <= truth && truth <= (interval?.high ?? Infinity);
}

/** A share in words of a table. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

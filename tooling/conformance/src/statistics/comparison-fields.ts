import type { Comparison, Interval, PValue, RelativeEffect, UntestedRelativeEffect } from "@lotty/stats";

/** A result under the vectors' names. */
export type ResultFields = Readonly<Record<string, unknown>>;

/** A p-value under the vectors' names. */
export function pFields({ p, log10P }: PValue): ResultFields {
  return { p, log10_p: log10P };
}

/** An interval under the vectors' names. */
export function intervalFields({ low, high }: Interval): ResultFields {
  return { ci_low: low, ci_high: high };
}

/** What a test that was not made has none of. */
export const NO_TEST: ResultFields = { p: null, log10_p: null, ci_low: null, ci_high: null };

/** A comparison of two arms under the vectors' names. */
export function comparisonFields(comparison: Comparison): ResultFields {
  const relative = relativeFields(comparison.relative);
  if (comparison.status !== "ok") {
    return { status: comparison.status, diff: comparison.diff, se: null, df: null, t: null, ...NO_TEST, relative };
  }
  const { status, diff, se, df, t, interval } = comparison;
  return { status, diff, se, df, t, ...pFields(comparison), ...intervalFields(interval), relative };
}

function relativeFields(relative: RelativeEffect | UntestedRelativeEffect): ResultFields {
  const lift = "lift" in relative ? relative.lift : null;
  const fieller = "fieller" in relative ? relative.fieller : { low: null, high: null };
  const delta = "delta" in relative ? relative.delta : { se: null, low: null, high: null };
  return {
    status: relative.status,
    lift,
    fieller_low: fieller.low,
    fieller_high: fieller.high,
    delta_se: delta.se,
    delta_low: delta.low,
    delta_high: delta.high,
  };
}

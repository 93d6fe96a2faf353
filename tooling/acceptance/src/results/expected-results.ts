import type { DecidedSubject, Generated } from "./generate-events.ts";

/** An arm as it has to come out. */
export interface ExpectedArm {
  readonly n: number;
  readonly mean: number;
  /** Sample variance. */
  readonly variance: number;
}

/** Which subjects and events count. */
export interface CountingRule {
  /** Milliseconds since 1970 at which the first and after the last day that counts begins. */
  readonly from: number;
  readonly to: number;
  readonly windowMillis: number;
  readonly kind: "sum" | "conversion";
}

/**
 * What an arm has to come out as, from the raw input by plain sums in two passes. It shares nothing with what it checks: neither the SQL nor the
 * statistics.
 */
export function expectedArm(
  subjects: readonly DecidedSubject[],
  { exposedAt, late, sent }: Generated,
  { from, kind, to, windowMillis }: CountingRule,
): ExpectedArm {
  const unique = new Map([...sent, ...late].map((event) => [event.event_id, event]));
  const spent = new Map<string, number[]>();
  for (const { event_type, subject_id, timestamp, value } of unique.values()) {
    const exposed = exposedAt.get(subject_id);
    const after = Date.parse(timestamp) - (exposed ?? Number.NaN);
    if (event_type !== "purchase" || value === undefined || !(after >= 0 && after < windowMillis)) continue;
    spent.set(subject_id, [...(spent.get(subject_id) ?? []), value]);
  }
  const values = subjects
    .filter(({ subjectId }) => {
      const at = exposedAt.get(subjectId) ?? Number.NaN;
      return at >= from && at < to;
    })
    .map(({ subjectId }) => {
      const own = spent.get(subjectId) ?? [];
      return kind === "conversion" ? Math.min(1, own.length) : own.reduce((sum, value) => sum + value, 0);
    });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { n: values.length, mean, variance };
}

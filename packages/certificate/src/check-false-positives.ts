import type { CertificateCheck } from "@lotty/domain";
import { proportionIntervals } from "@lotty/stats";
import type { MetricPast } from "./certify.ts";
import { Measured, MIN_PER_ARM } from "./measured.ts";
import { FALSE_ALARM } from "./significance.ts";
import type { Slices } from "./slices.ts";
import { coinsOf } from "./coins.ts";

/** How often the past is split in two. */
export const SPLITS = 1_000;

/** Splits between two pauses, by the subjects in each: some milliseconds. */
const SUBJECTS_PER_SLICE = 100_000;

/**
 * How often a metric's test finds a difference between two halves of subjects that nobody treated differently. Fails when that is
 * certainly more often than alpha; less often is careful, and no fault.
 */
export function* checkFalsePositives({ metric, values }: MetricPast, alpha: number): Slices<CertificateCheck> {
  const about = metric.key;
  const skipped = (message: string): CertificateCheck => ({
    kind: "false_positives",
    about,
    verdict: "skipped",
    message,
    numbers: {},
  });
  if (metric.definition.kind === "quantile") return skipped(`${about} is a quantile, which is not split.`);
  const measured = new Measured(metric, values);
  if (measured.size < 2 * MIN_PER_ARM) return skipped(`${about} has a past of ${measured.size} subjects only.`);
  let tested = 0;
  let found = 0;
  const splitsPerSlice = Math.max(1, Math.floor(SUBJECTS_PER_SLICE / measured.size));
  for (let split = 0; split < SPLITS; split += 1) {
    if (split % splitsPerSlice === 0) yield;
    const coins = coinsOf(split, measured.size);
    const comparison = measured.compare((place) => coins[place] === 1, alpha);
    if (comparison.status !== "ok") continue;
    tested += 1;
    if (comparison.p < alpha) found += 1;
  }
  if (tested === 0) return skipped(`${about} does not vary in its past.`);
  const rate = { n: tested, successes: found };
  const shown = intervalOf(rate, 0.05);
  const sure = intervalOf(rate, FALSE_ALARM);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return {
    kind: "false_positives",
    about,
    verdict: sure.low > alpha ? "failed" : "passed",
    message: `${about}: ${found} of ${tested} A/A splits of ${measured.size} subjects find a difference, ${percent(found / tested)} (${percent(shown.low)} to ${percent(shown.high)}) where ${percent(alpha)} are meant.`,
    numbers: {
      subjects: measured.size,
      splits: tested,
      found,
      rate: found / tested,
      low: shown.low,
      high: shown.high,
      alpha,
    },
  };
}

function intervalOf(
  rate: { readonly n: number; readonly successes: number },
  alpha: number,
): { readonly low: number; readonly high: number } {
  const intervals = proportionIntervals({ control: rate, treatment: rate }, { alpha });
  return intervals.status === "ok" ? intervals.control.clopperPearson : { low: 0, high: 1 };
}

import type { AnalysisPlan } from "@lotty/domain";
import {
  confidenceSequenceAt,
  detectableMeanEffect,
  groupSequentialBounds,
  normalQuantile,
  sampleSizeForMean,
  sampleSizeForNoninferiority,
  sequentialInflation,
} from "@lotty/stats";

/** What a metric is without an experiment. */
export interface Baseline {
  /** Mean, or ratio; not 0. */
  readonly mean: number;
  /** Standard deviation of one subject's measure (of a ratio: linearised), above 0. */
  readonly sd: number;
}

/** What a plan is to find. */
export interface SizeQuestion {
  readonly baseline: Baseline;
  /** Two-sided. */
  readonly alpha: number;
  readonly power: number;
  /** Arms of equal size, control among them, from 2; alpha is shared by the comparisons. */
  readonly arms: number;
  readonly looking: AnalysisPlan["looking"];
  /** Share of the variance that a covariate takes away, from 0 to below 1. */
  readonly varianceReduction: number;
  /** Smallest relative effect to be found, above 0; `null` to ask what can be. */
  readonly minimumEffect: number | null;
  /** Largest harm of a guardrail that is to be ruled out, as a share of the mean; `null` when there is none. */
  readonly margin: number | null;
  /** Subjects of all arms a day; `null` when that is not known. */
  readonly subjectsPerDay: number | null;
  readonly durationDays: number | null;
}

/** Sizes that a plan needs, or what its size can find. */
export interface PlannedSize {
  /** Subjects of each arm; `null` when no effect was named. */
  readonly perArm: number | null;
  readonly total: number | null;
  /** Whole days at the traffic that there is; `null` without either. */
  readonly days: number | null;
  /** Subjects of each arm that rule the margin out when there is no effect; `null` without one. */
  readonly perArmForMargin: number | null;
  /** Smallest relative effect that the subjects of the duration find; `null` without duration or traffic. */
  readonly minimumDetectable: number | null;
  /** How many times as many subjects the rule of looking needs as a single look. */
  readonly lookingFactor: number;
}

/** Looks when nothing tells of a duration: daily ones over the default of plans. */
const USUAL_LOOKS = 14;

/** More looks than this join the next ones. */
const MOST_LOOKS = 60;

/** Sizes a plan: subjects for an effect, an effect for a duration, subjects for a margin. */
export function planSize(question: SizeQuestion): PlannedSize {
  const { alpha, arms, baseline, durationDays, margin, minimumEffect, power, subjectsPerDay, varianceReduction } =
    question;
  const mean = Math.abs(baseline.mean);
  const test = { alpha, comparisons: arms - 1, sd: baseline.sd, varianceReduction };
  const size = minimumEffect === null ? null : sampleSizeForMean({ ...test, delta: minimumEffect * mean, power });
  const lookingFactor = factorOf(question, looksOf(question, size === null ? null : size.nControlExact * arms));
  const perArm = size === null ? null : Math.ceil(size.nControlExact * lookingFactor);
  const total = perArm === null ? null : perArm * arms;
  const reached =
    subjectsPerDay === null || durationDays === null ? 0 : (subjectsPerDay * durationDays) / arms / lookingFactor;
  return {
    perArm,
    total,
    days: total === null || subjectsPerDay === null || subjectsPerDay <= 0 ? null : Math.ceil(total / subjectsPerDay),
    perArmForMargin: margin === null ? null : sizeForMargin(question, margin * mean, lookingFactor),
    minimumDetectable:
      reached <= 0 ? null : detectableMeanEffect({ ...test, nControl: reached, nTreatment: reached, power }) / mean,
    lookingFactor,
  };
}

/** Guardrails are judged by the two-sided interval, so by half of alpha on the side of harm. */
function sizeForMargin(
  { alpha, baseline, power, varianceReduction }: SizeQuestion,
  margin: number,
  factor: number,
): number | null {
  const sd = baseline.sd * Math.sqrt(1 - varianceReduction);
  const size = sampleSizeForNoninferiority({ sd, margin, alpha: alpha / 2, power });
  return size.status === "ok" ? Math.ceil(size.perArmExact * factor) : null;
}

/** Daily looks: over the duration that is given, else over the days that so many subjects take. */
function looksOf({ durationDays, subjectsPerDay }: SizeQuestion, subjects: number | null): number {
  const traffic = subjectsPerDay !== null && subjectsPerDay > 0 ? subjectsPerDay : null;
  const days = durationDays ?? (subjects === null || traffic === null ? USUAL_LOOKS : Math.ceil(subjects / traffic));
  return Math.min(MOST_LOOKS, Math.max(1, days));
}

function factorOf({ alpha, arms, looking, power }: SizeQuestion, looks: number): number {
  switch (looking) {
    case "fixed":
      return 1;
    case "group_sequential": {
      const infoFractions = Array.from({ length: looks }, (_, index) => (index + 1) / looks);
      const own = alpha / (arms - 1);
      const bounds = groupSequentialBounds({ infoFractions, alpha: own, spending: { kind: "obrien_fleming" } });
      return sequentialInflation({ infoFractions, bounds: bounds.map(({ z }) => z) }, { alpha: own, power });
    }
    case "always_valid": {
      // The bound at the size that the intervals are tuned to, against that of a single look.
      const boundary = confidenceSequenceAt({ n: 1, estimate: 0, se: 1 }, { alpha, tunedFor: 1 }).halfWidth;
      const reach = normalQuantile(power);
      return ((boundary + reach) / (reach - normalQuantile(alpha / 2))) ** 2;
    }
  }
}

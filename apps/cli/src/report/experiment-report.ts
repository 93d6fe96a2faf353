import {
  DECISION_REASONS,
  type DecisionReason,
  type DecisionSpread,
  type Experiment,
  type Instant,
} from "@lotty/domain";
import type { SampleRatioTest } from "@lotty/stats";

/** One variant in a report. */
export interface VariantLine {
  readonly id: string;
  /** `null` for a variant that the experiment does not have any more. */
  readonly name: string | null;
  readonly isControl: boolean;
  readonly subjects: number;
  readonly decisions: number;
  /** Share of the subjects by the weights, 0 to 1. */
  readonly expectedShare: number;
  /** Share of the subjects that came out, 0 to 1; `null` without subjects. */
  readonly seenShare: number | null;
}

/** How the recorded decisions of an experiment spread. */
export interface ExperimentReport {
  readonly experiment: Experiment;
  readonly flagKey: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly variants: readonly VariantLine[];
  readonly sampleRatio: SampleRatioTest;
  readonly reasons: readonly { readonly reason: DecisionReason; readonly decisions: number }[];
  readonly spread: DecisionSpread;
}

/** Below this a spread is taken for broken and not for chance: a fair one is, once in a thousand reports. */
export const SUSPICIOUS_P_VALUE = 0.001;

/** Compares what was counted with what the experiment is. */
export async function toExperimentReport(
  facts: Pick<ExperimentReport, "experiment" | "flagKey" | "from" | "to">,
  spread: DecisionSpread,
): Promise<ExperimentReport> {
  // Loaded only here: its numerics take a tenth of a second, which no other command should wait for.
  const { testSampleRatio } = await import("@lotty/stats");
  const { experiment } = facts;
  const counts = new Map(spread.variants.map((count) => [count.variantId, count]));
  const known = experiment.variants.map(({ id, isControl, name, weight }) => ({ id, name, isControl, weight }));
  const gone = spread.variants
    .filter(({ variantId }) => !known.some(({ id }) => id === variantId))
    .map(({ variantId }) => ({ id: variantId, name: null, isControl: false, weight: 0 }));
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  const subjects = spread.variants.reduce((sum, count) => sum + count.subjects, 0);
  const arms = [...known, ...gone].map((arm) => ({
    ...arm,
    subjects: counts.get(arm.id)?.subjects ?? 0,
    decisions: counts.get(arm.id)?.decisions ?? 0,
  }));
  return {
    ...facts,
    variants: arms.map(({ weight, ...arm }) => ({
      ...arm,
      expectedShare: weights === 0 ? 0 : weight / weights,
      seenShare: subjects === 0 ? null : arm.subjects / subjects,
    })),
    sampleRatio: testSampleRatio({
      counts: arms.map((arm) => arm.subjects),
      weights: arms.map(({ weight }) => weight),
    }),
    reasons: DECISION_REASONS.map((reason) => ({ reason, decisions: spread.reasons[reason] ?? 0 })),
    spread,
  };
}

/** Whether the subjects are spread as no fair draw would. */
export function isSuspicious({ sampleRatio }: ExperimentReport): boolean {
  // Subjects of a variant without a weight need no test.
  return sampleRatio.status === "ok" ? sampleRatio.p < SUSPICIOUS_P_VALUE : sampleRatio.status === "unexpected_variant";
}

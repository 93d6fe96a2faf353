import type { AnalysisPlan, PlanDeviation } from "./analysis-plan.ts";
import type { Instant } from "./instant.ts";
import type { Metric } from "./metric.ts";
import type { VariantFunnel, VariantLoss } from "./ports/experiment-funnel.ts";

/** What a metric is in a plan. */
export type MetricRole = "primary" | "secondary" | "guardrail";

/** Bounds around an estimate; `null` where there is none on that side. */
export interface EffectInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Why nothing is said about an effect though there is data. */
export const WITHHELD_REASONS = [
  /** Fewer subjects in a variant than the plan asks for, or no whole day that is over. */
  "below_minimum",
  /** The plan looks once, at the end, and the end is not reached. */
  "before_end",
] as const;

/** Why an effect cannot be told, or that it can. */
export type EffectStatus =
  | "ok"
  | "no_data"
  | "zero_denominator"
  | "insufficient_data"
  | "zero_variance"
  | (typeof WITHHELD_REASONS)[number];

/** An effect as a share of the absolute value of the control's mean. */
export interface LiftEstimate {
  /** `unbounded`: control is too close to 0 for bounds; `undefined`: it is 0. */
  readonly status: "ok" | "unbounded" | "undefined";
  readonly value: number | null;
  /** By Fieller's theorem: excludes 0 exactly when `interval` of the difference does. */
  readonly interval: EffectInterval | null;
}

/** What one look at an effect saw. */
export interface EffectLook {
  /** The last day of exposure that it took in, `YYYY-MM-DD`. */
  readonly day: string;
  /** Subjects of control and treatment. */
  readonly n: number;
  /** Share of the planned information; `null` where nothing is planned by it. */
  readonly fraction: number | null;
  readonly diff: number;
  readonly lift: number | null;
  /** Bounds of the difference that hold at this look; `null` when it spends no error. */
  readonly interval: EffectInterval | null;
  readonly liftInterval: EffectInterval | null;
  /** Difference by its standard error. */
  readonly z: number;
  /** How large |z| has to be at this look; `null` when no size is enough. */
  readonly boundary: number | null;
}

/** For few successes or failures: what does not rest on large numbers. */
export interface SmallCounts {
  /** Newcombe's interval of the difference of the shares, at the plan's alpha. */
  readonly newcombe: { readonly low: number; readonly high: number };
  /** Fisher's exact test, two-sided. */
  readonly fisherP: number;
}

/** How a guardrail stands. */
export interface GuardrailStanding {
  /** Largest accepted harm, as a share of control's mean. */
  readonly margin: number;
  /** `holds`: not worse by the margin; `broken`: worse by more; `open`: not yet known. */
  readonly verdict: "holds" | "broken" | "open";
  /** The bound of the lift on the side of harm, with harm negative; `null` when there is none. */
  readonly bound: number | null;
  /** How far that bound is inside the margin; negative when outside. */
  readonly distance: number | null;
}

/** How a variant differs from control. */
export interface VariantEffect {
  readonly status: EffectStatus;
  /** Treatment less control; `null` when not defined, or withheld. */
  readonly diff: number | null;
  readonly se: number | null;
  /** Bounds of the difference by the plan's rule of looking. */
  readonly interval: EffectInterval | null;
  readonly lift: LiftEstimate | null;
  /** By the plan's rule of looking: at most alpha exactly when `interval` excludes 0. */
  readonly p: number | null;
  readonly log10P: number | null;
  /** Of Welch's test as if this were the only look; for comparison. */
  readonly fixedP: number | null;
  /** Corrected within the plan's scope; `null` outside of it, or without a p-value. */
  readonly correctedP: number | null;
  /** Whether the corrected p-value (the own one outside of the scope) is at most alpha. */
  readonly significant: boolean;
  /** Whether the estimate points the way that is better; `null` when it points nowhere. */
  readonly better: boolean | null;
  /** Share of the variance that the covariate took away; `null` without one. */
  readonly varianceReduction: number | null;
  /** Probability to find the planned minimum effect with what is there; `null` when none is planned. */
  readonly power: number | null;
  /** Smallest relative effect that is found with the planned power with what is there. */
  readonly minimumDetectable: number | null;
  readonly smallCounts: SmallCounts | null;
  readonly guardrail: GuardrailStanding | null;
  /** Whether looks contradict each other: the effect has changed while the experiment ran. */
  readonly drifted: boolean;
  readonly looks: readonly EffectLook[];
}

/**
 * What is believed of a variant under the prior that was asked for. Beside the results: no verdict, no light and no `significant` rests on it.
 */
export interface VariantBelief {
  /** Probability that it is the best of all variants, control among them. */
  readonly best: number;
  /** How much lift is lost on average by choosing it instead of the best; at least 0. */
  readonly expectedLoss: number;
  /** Probability that it is better than control; `null` for control. */
  readonly beatsControl: number | null;
  /** Mean of the lift; `null` for control. */
  readonly lift: number | null;
  /** Credible interval of the lift with equal tails, of probability 1 - alpha; `null` for control. */
  readonly interval: EffectInterval | null;
  /** Probability that the lift is within the metric's practical threshold; `null` for control, and without a threshold. */
  readonly negligible: number | null;
}

/** A variant of a metric's results. */
export interface VariantResult {
  readonly variantId: string;
  /** Subjects whose window is over. */
  readonly n: number;
  /** Mean, ratio or quantile; `null` when not defined. */
  readonly value: number | null;
  /** `null` for control. */
  readonly effect: VariantEffect | null;
  /** Only where a prior was given, and something may be said of all variants. */
  readonly belief?: VariantBelief;
}

/** The effect in one part of the subjects. */
export interface SegmentEffect {
  readonly segment: string;
  readonly nControl: number;
  readonly nTreatment: number;
  readonly status: EffectStatus;
  readonly diff: number | null;
  readonly interval: EffectInterval | null;
  readonly lift: LiftEstimate | null;
  /** The difference pulled towards that of all segments as far as its noise asks for. */
  readonly shrunk: number | null;
}

/** How an effect differs between segments. Explores; decides nothing. */
export interface SegmentResult {
  readonly name: string;
  readonly variantId: string;
  readonly segments: readonly SegmentEffect[];
  /** Cochran's Q; `null` for fewer than two segments that can be compared. */
  readonly q: number | null;
  readonly df: number | null;
  readonly p: number | null;
  /** Corrected by Holm over all splits of the report. */
  readonly correctedP: number | null;
  readonly i2: number | null;
  /** Whether all segments say one thing and the whole the opposite; `null` when that cannot be told. */
  readonly simpson: boolean | null;
  /** The difference as if both arms had the same mix of subjects; of ratios, of numerator and denominator alike. */
  readonly poststratified: { readonly diff: number; readonly interval: EffectInterval } | null;
}

/** What a metric measured. */
export interface MetricResult {
  readonly metric: Metric;
  readonly role: MetricRole;
  /** The last day of exposure that the numbers take in; `null` before the first. */
  readonly through: string | null;
  /** Share of the planned information; `null` where nothing is planned by it. */
  readonly fraction: number | null;
  /** What this metric cannot have though the plan asks for it, and why, in a sentence; absent where there is no such thing. */
  readonly limitation?: string;
  readonly variants: readonly VariantResult[];
  readonly segments: readonly SegmentResult[];
}

/** Names of the checks whether results can be trusted. */
export const TRUST_CHECKS = [
  "sample_ratio",
  "sample_ratio_sequential",
  "several_variants",
  "differential_exposure",
  "differential_attribution",
  "pre_period_balance",
  "exclusions",
] as const;

/** A check whether results can be trusted. */
export interface TrustCheck {
  readonly check: (typeof TRUST_CHECKS)[number];
  /** `unknown` when there is nothing to check. */
  readonly light: "green" | "amber" | "red" | "unknown";
  readonly message: string;
  /** The numbers it rests on. */
  readonly facts: Readonly<Record<string, number | null>>;
}

/** What the results come to. */
export const VERDICTS = [
  "no_plan",
  "not_started",
  "untrustworthy",
  "exploratory",
  "collecting",
  "running",
  "ship",
  "do_not_ship",
  "no_effect_found",
] as const;

/** The answer to the question that the experiment was made for. */
export interface Verdict {
  readonly verdict: (typeof VERDICTS)[number];
  /** One sentence. */
  readonly sentence: string;
  readonly reasons: readonly string[];
  /** What would change the verdict; `null` when nothing that is still to come. */
  readonly wouldChange: string | null;
  /** The variant that it is about. */
  readonly variantId: string | null;
  /** Whole days until the plan is over; `null` when it is, or has no end. */
  readonly daysLeft: number | null;
}

/** A variant as reports name it. */
export interface ReportedVariant {
  readonly id: string;
  readonly name: string;
  readonly isControl: boolean;
  /** Share of all weights, 0 to 1. */
  readonly share: number;
}

/** What can be done to an experiment while it runs. */
export const INTERVENTION_KINDS = [
  "started",
  "paused",
  "rolled_back",
  "resumed",
  "completed",
  "traffic",
  "weights",
  "variants",
  "values",
  "rule",
  "stickiness",
] as const;

/** Something that was done to an experiment and may show in its results. */
export interface Intervention {
  readonly at: Instant;
  readonly kind: (typeof INTERVENTION_KINDS)[number];
  /** One sentence without its full stop. */
  readonly said: string;
}

/** Everything that is known about an experiment at a moment. */
export interface ExperimentReport {
  readonly experimentId: string;
  readonly experimentKey: string;
  readonly status: string;
  readonly at: Instant;
  /** Events received before this instant are in; `null` when nothing was folded in yet. */
  readonly watermark: Instant | null;
  /** Whether the report is the plan's analysis, or a cut of the data that decides nothing. */
  readonly exploratory: boolean;
  /** Standard deviation of what is believed of lifts beforehand, normal around 0; only where one was given. */
  readonly priorSd?: number;
  readonly plan: AnalysisPlan | null;
  readonly planHash: string | null;
  readonly deviations: readonly PlanDeviation[];
  /** What was done to it since its first start, oldest first. */
  readonly interventions: readonly Intervention[];
  readonly variants: readonly ReportedVariant[];
  readonly verdict: Verdict;
  readonly trust: readonly TrustCheck[];
  readonly funnel: readonly VariantFunnel[];
  readonly losses: readonly VariantLoss[];
  readonly metrics: readonly MetricResult[];
}

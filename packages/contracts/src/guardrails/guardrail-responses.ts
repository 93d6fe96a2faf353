import type { FiringStep, GuardrailRule, GuardrailState } from "@lotty/domain";

/** A variant compared with control. */
export interface GuardrailReadingResponse {
  readonly variant_id: string;
  readonly state: GuardrailState;
  readonly subjects: number;
  readonly control_subjects: number;
  readonly mean: number | null;
  readonly control_mean: number | null;
  readonly shift: number | null;
  readonly se: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly waits_for: string | null;
}

/** What a guardrail saw at one look. */
export interface GuardrailEvaluationResponse {
  readonly at: string;
  readonly state: GuardrailState;
  readonly since: string;
  readonly watermark: string | null;
  readonly from: string | null;
  readonly alpha_per_variant: number;
  readonly readings: readonly GuardrailReadingResponse[];
}

/** A guardrail. */
export interface GuardrailResponse {
  readonly id: string;
  readonly experiment_id: string;
  readonly metric_id: string;
  readonly metric_version: number;
  readonly margin: number;
  readonly margin_kind: GuardrailRule["marginKind"];
  readonly alpha: number;
  readonly minimum_subjects: number;
  readonly tuned_for: number;
  readonly population: GuardrailRule["population"];
  readonly action: GuardrailRule["action"];
  readonly armed_at: string | null;
  readonly version: number;
  readonly updated_at: string;
}

/** A guardrail with what it saw last. */
export interface WatchedGuardrailResponse extends GuardrailResponse {
  readonly evaluation: GuardrailEvaluationResponse | null;
}

/** One thing that became of a firing. */
export interface FiringStepResponse {
  readonly at: string;
  readonly kind: FiringStep["kind"];
  readonly actor_name: string;
  readonly said: string;
}

/** A firing with what became of it, oldest first. */
export interface FiringResponse {
  readonly id: string;
  readonly experiment_id: string;
  readonly at: string;
  readonly guardrail: GuardrailResponse;
  readonly evaluation: GuardrailEvaluationResponse;
  readonly steps: readonly FiringStepResponse[];
}

/** Whom an experiment had reached in a variant. */
export interface ReachedResponse {
  readonly variant_id: string;
  readonly subjects: number;
  readonly decisions: number;
}

/** One line of what happened around a firing. */
export interface TimelineEntryResponse {
  readonly at: string;
  readonly what: string;
}

/** Everything about a firing. */
export interface IncidentResponse extends FiringResponse {
  /** Oldest first. */
  readonly timeline: readonly TimelineEntryResponse[];
  /** Until the firing, variant by variant; `null` where the log took too long to read. */
  readonly reached: readonly ReachedResponse[] | null;
}

/** What came of looking at an experiment's guardrails now. */
export interface EvaluationRoundResponse {
  /** Whether this request looked; `false` when another process was at it. */
  readonly evaluated: boolean;
  readonly guardrails: readonly WatchedGuardrailResponse[];
}

/** A ramp plan. */
export interface RampResponse {
  readonly experiment_id: string;
  readonly steps: readonly { readonly traffic_allocation: string; readonly hold_hours: number }[];
  readonly held: boolean;
  readonly since: string | null;
  readonly version: number;
  readonly updated_at: string;
}

/** How often a rule fired, and when. */
export interface FiringRateResponse {
  readonly share: number;
  readonly se: number;
  readonly median_hours: number | null;
  readonly p90_hours: number | null;
  readonly median_subjects: number | null;
  readonly p90_subjects: number | null;
}

/** How a rule behaves. */
export interface RehearsalResponse {
  /** `recorded`: drawn from so many recorded subjects; `assumed`: from a mean and a variance. */
  readonly source: "recorded" | "assumed";
  readonly recorded_subjects: number | null;
  readonly mean: number;
  readonly variance: number;
  readonly days: number;
  readonly runs: number;
  readonly seed: number;
  readonly no_effect: FiringRateResponse;
  readonly at_margin: FiringRateResponse;
  readonly true_harm: FiringRateResponse;
  readonly naive: FiringRateResponse;
}

import type {
  EffectInterval,
  EffectStatus,
  GuardrailStanding,
  Intervention,
  LiftEstimate,
  MetricRole,
  TrustCheck,
  VariantLoss,
  Verdict,
} from "@lotty/domain";
import type { DeviationResponse, PlanContentResponse } from "./plan-response.ts";

/** One look at an effect, on the wire. */
export interface LookResponse {
  readonly day: string;
  readonly n: number;
  readonly fraction: number | null;
  readonly diff: number;
  readonly lift: number | null;
  readonly interval: EffectInterval | null;
  readonly lift_interval: EffectInterval | null;
  readonly z: number;
  readonly boundary: number | null;
}

/** How a variant differs from control, on the wire. */
export interface EffectResponse {
  readonly status: EffectStatus;
  readonly diff: number | null;
  readonly se: number | null;
  readonly interval: EffectInterval | null;
  readonly lift: LiftEstimate | null;
  readonly p: number | null;
  readonly log10_p: number | null;
  readonly fixed_p: number | null;
  readonly corrected_p: number | null;
  readonly significant: boolean;
  readonly better: boolean | null;
  readonly variance_reduction: number | null;
  readonly power: number | null;
  readonly minimum_detectable: number | null;
  readonly small_counts: {
    readonly newcombe: { readonly low: number; readonly high: number };
    readonly fisher_p: number;
  } | null;
  readonly guardrail: GuardrailStanding | null;
  readonly drifted: boolean;
  readonly looks: readonly LookResponse[];
}

/** What is believed of a variant under the prior that was asked for, on the wire. */
export interface BeliefResponse {
  readonly best: number;
  readonly expected_loss: number;
  readonly beats_control: number | null;
  readonly lift: number | null;
  readonly interval: EffectInterval | null;
  readonly negligible: number | null;
}

/** A variant of a metric's results, on the wire. */
export interface VariantResultResponse {
  readonly variant_id: string;
  readonly n: number;
  readonly value: number | null;
  readonly effect: EffectResponse | null;
  readonly belief?: BeliefResponse;
}

/** The effect in one part of the subjects, on the wire. */
export interface SegmentEffectResponse {
  readonly segment: string;
  readonly n_control: number;
  readonly n_treatment: number;
  readonly status: EffectStatus;
  readonly diff: number | null;
  readonly interval: EffectInterval | null;
  readonly lift: LiftEstimate | null;
  readonly shrunk: number | null;
}

/** How an effect differs between segments, on the wire. */
export interface SegmentResultResponse {
  readonly name: string;
  readonly variant_id: string;
  readonly segments: readonly SegmentEffectResponse[];
  readonly q: number | null;
  readonly df: number | null;
  readonly p: number | null;
  readonly corrected_p: number | null;
  readonly i2: number | null;
  readonly simpson: boolean | null;
  readonly poststratified: { readonly diff: number; readonly interval: EffectInterval } | null;
}

/** What a metric measured, on the wire. */
export interface MetricResultResponse {
  readonly metric: {
    readonly id: string;
    readonly key: string;
    readonly name: string;
    readonly version: number;
    readonly kind: string;
    readonly higher_is_better: boolean;
  };
  readonly role: MetricRole;
  readonly through: string | null;
  readonly fraction: number | null;
  readonly limitation?: string;
  readonly variants: readonly VariantResultResponse[];
  readonly segments: readonly SegmentResultResponse[];
}

/** How many subjects of a variant came how far, on the wire. */
export interface FunnelResponse {
  readonly variant_id: string;
  readonly decided: number;
  readonly exposed: number;
  readonly attributed: number;
  readonly counted: number;
}

/** The verdict, on the wire. */
export interface VerdictResponse {
  readonly verdict: Verdict["verdict"];
  readonly sentence: string;
  readonly reasons: readonly string[];
  readonly would_change: string | null;
  readonly variant_id: string | null;
  readonly days_left: number | null;
}

/** Answer of `GET /v1/experiments/{experiment_id}/results`. */
export interface ReportResponse {
  readonly experiment_id: string;
  readonly experiment: string;
  readonly status: string;
  readonly at: string;
  readonly watermark: string | null;
  readonly exploratory: boolean;
  readonly prior_sd?: number;
  readonly plan: PlanContentResponse | null;
  readonly plan_hash: string | null;
  readonly deviations: readonly DeviationResponse[];
  /** What was done to the experiment since its first start, oldest first. */
  readonly interventions: readonly {
    readonly at: string;
    readonly kind: Intervention["kind"];
    readonly said: string;
  }[];
  readonly variants: readonly {
    readonly id: string;
    readonly name: string;
    readonly is_control: boolean;
    readonly share: number;
  }[];
  readonly verdict: VerdictResponse;
  readonly trust: readonly TrustCheck[];
  readonly funnel: readonly FunnelResponse[];
  readonly losses: readonly {
    readonly variant_id: string;
    readonly cause: VariantLoss["cause"];
    readonly subjects: number;
  }[];
  readonly metrics: readonly MetricResultResponse[];
}

import type { PlanDefaults } from "@lotty/domain";

/** A guardrail as somebody names it. */
export interface GuardrailFields {
  /** Key or id of the metric. */
  readonly metric: string;
  /** Largest harm that is accepted, as a share of the control's mean. */
  readonly margin: number;
}

/** What somebody says about a plan. Metrics are named by key or id; what is not said has a default. */
export interface PlanFields extends Partial<PlanDefaults> {
  readonly primary: readonly string[];
  readonly secondary?: readonly string[];
  readonly guardrails?: readonly GuardrailFields[];
}

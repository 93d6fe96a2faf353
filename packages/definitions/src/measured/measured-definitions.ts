import type { AnalysisPlan, GuardrailRule, JsonValue, MetricDefinition, RampStep } from "@lotty/domain";

/** An event type as a file states it. */
export interface EventTypeDefinition {
  readonly key: string;
  readonly description: string | null;
  /** JSON Schema of the events' properties; `null` for none. */
  readonly schema: JsonValue;
  readonly requiresExposure: boolean;
  readonly archived: boolean;
}

/** A metric of the catalogue as a file states it. */
export interface StatedMetric {
  readonly key: string;
  readonly name: string;
  readonly description: string | null;
  readonly owner: string | null;
  /** Each once, in the order of code points. */
  readonly tags: readonly string[];
  readonly archived: boolean;
  readonly definition: MetricDefinition;
}

/** A metric that must not become worse, as a plan in a file names it. */
export interface PlannedGuardrailDefinition {
  /** Key of the metric. */
  readonly metric: string;
  /** Largest harm that is accepted, as a share of the control's mean. */
  readonly margin: number;
}

/** An analysis plan as a file states it. Metrics go by key; the versions that it means are those of the moment in which it is written. */
export interface PlanDefinition extends Omit<
  AnalysisPlan,
  "experimentId" | "primary" | "secondary" | "guardrails" | "version" | "updatedAt" | "frozenAt"
> {
  readonly primary: readonly string[];
  readonly secondary: readonly string[];
  readonly guardrails: readonly PlannedGuardrailDefinition[];
}

/** A guardrail that acts while its experiment runs, as a file states it. */
export interface GuardrailDefinition {
  /** Key of the metric. */
  readonly metric: string;
  readonly rule: GuardrailRule;
}

/** A ramp plan as a file states it. */
export interface RampDefinition {
  readonly steps: readonly RampStep[];
  readonly held: boolean;
}

/** What a file states of how an experiment is judged and watched; `null` where it says nothing of it. */
export interface MeasuredExperiment {
  readonly plan: PlanDefinition | null;
  readonly guardrails: readonly GuardrailDefinition[] | null;
  readonly ramp: RampDefinition | null;
}

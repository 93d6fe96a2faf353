import type { ExperimentOutcome, ExperimentStatus, FlagValueType, Hundredths, Instant, JsonValue } from "@lotty/domain";
import type { EventTypeDefinition, MeasuredExperiment, StatedMetric } from "./measured/measured-definitions.ts";
import type { NotificationRuleDefinition } from "./told/notification-rule-definition.ts";

/** A rule of a flag as a file states it. */
export interface FlagRuleDefinition {
  /** `null` when the file leaves it to be found: see `identifyRules`. */
  readonly id: string | null;
  /** Rule text as written; `null` is true for every subject. */
  readonly if: string | null;
  readonly value: JsonValue;
  /** Share of the matching subjects, 0 to 10000 hundredths of a percent. */
  readonly rollout: Hundredths;
}

/** A flag as a file states it. */
export interface FlagDefinition {
  readonly key: string;
  readonly type: FlagValueType;
  readonly default: JsonValue;
  readonly enabled: boolean;
  /** In the order in which they are asked. */
  readonly rules: readonly FlagRuleDefinition[];
  readonly description: string | null;
  readonly owner: string | null;
  /** Each once, in the order of code points. */
  readonly tags: readonly string[];
  /** JSON Schema of its values; `null` for none. */
  readonly schema: JsonValue;
  readonly archived: boolean;
}

/** A segment as a file states it. */
export interface SegmentDefinition {
  readonly key: string;
  /** Rule text as written. */
  readonly rule: string;
}

/** A variant as a file states it. */
export interface VariantDefinition {
  readonly name: string;
  readonly value: JsonValue;
  readonly weight: Hundredths;
  readonly control: boolean;
}

/** An experiment as a file states it. */
export interface ExperimentDefinition extends MeasuredExperiment {
  readonly key: string;
  /** Key of the flag, which the same file states. */
  readonly flag: string;
  readonly status: ExperimentStatus;
  /** Rule text as written; `null` takes every subject. */
  readonly targeting: string | null;
  /** Share of the matching subjects, 0 to 10000 hundredths of a percent. */
  readonly traffic: Hundredths;
  /** Whether the file states no traffic, which is left to the ramp plan where there is one: see `resolveRamp`. */
  readonly rampsTraffic: boolean;
  readonly sticky: boolean;
  /** Only of one that is paused: whether those whom it would take get control's value. */
  readonly rolledBack: boolean;
  /** In the order of the file, which is the order in which they are stored. */
  readonly variants: readonly VariantDefinition[];
  readonly hypothesis: string | null;
  readonly owner: string | null;
  /** Whole days, from 1. */
  readonly plannedDays: number | null;
  readonly description: string | null;
  /** `null` when the file leaves it to be found: see `resolveLife`. As for the two below. */
  readonly started: Instant | null;
  readonly completed: Instant | null;
  readonly outcome: OutcomeDefinition | null;
}

/** How an experiment ended, as a file states it. */
export interface OutcomeDefinition {
  readonly kind: ExperimentOutcome["kind"];
  /** Name of the winner; only with `rollout_winner`. */
  readonly variant: string | null;
  readonly comment: string;
}

/** An approver group as a file states it. */
export interface ApproverGroupDefinition {
  readonly name: string;
  /** Names of people, or ids of those whom nobody knows; in the order of code points. */
  readonly experimenters: readonly string[];
  readonly approvers: readonly string[];
  readonly minimum: number;
}

/** A conflict domain as a file states it. */
export interface DomainDefinition {
  readonly key: string;
  readonly members: readonly DomainMemberDefinition[];
}

/** An experiment's place in a domain as a file states it. */
export interface DomainMemberDefinition {
  /** Key of the experiment, which the same file states. */
  readonly experiment: string;
  readonly priority: number;
}

/** The contents of a definitions file, checked: every reference leads somewhere and every value has its flag's type. */
export interface Definitions {
  readonly flags: readonly FlagDefinition[];
  readonly experiments: readonly ExperimentDefinition[];
  readonly domains: readonly DomainDefinition[];
  readonly segments: readonly SegmentDefinition[];
  readonly approverGroups: readonly ApproverGroupDefinition[];
  readonly eventTypes: readonly EventTypeDefinition[];
  readonly metrics: readonly StatedMetric[];
  readonly notificationRules: readonly NotificationRuleDefinition[];
}

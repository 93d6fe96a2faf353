import type { DecisionReason, ExperimentStatus, JsonValue, RuleLiteral } from "@lotty/domain";
import type { ClauseTrace, DomainTrace, FlagRuleTrace, GateTrace, GateVerdict } from "@lotty/engine";

/** A clause of a targeting rule and how it came out. */
export interface ClauseResponse {
  /** The clause in rule language. */
  readonly text: string;
  /** Names from the attributes inwards; empty for `IN SEGMENT`. */
  readonly path: readonly string[];
  readonly operator: string;
  /**
   * The constants that the attribute was compared with, in the order of the rule; the segment's name for `IN SEGMENT`,
   * empty for `EXISTS`.
   */
  readonly literals: readonly RuleLiteral[];
  /** The attribute's value; absent when the subject does not have it. */
  readonly actual?: JsonValue | undefined;
  readonly result: ClauseTrace["result"];
  /** The clauses of the segment that was asked for. */
  readonly inside?: readonly ClauseResponse[] | undefined;
}

/** A rule of a flag and how it came out. */
export interface FlagRuleResponse {
  readonly rule_id: string;
  readonly verdict: FlagRuleTrace["verdict"];
  readonly value: JsonValue;
  /** A percentage with two places, as text. */
  readonly rollout: string;
  readonly rule: string | null;
  readonly clauses?: readonly ClauseResponse[] | undefined;
  readonly fault?: string | undefined;
  /** 0 to 9999. */
  readonly bucket?: number | undefined;
  /** Buckets below it get the value. */
  readonly threshold: number;
}

/** An assignment that stands in the way. */
export interface BlockingAssignmentResponse {
  readonly experiment_id: string;
  readonly experiment_key: string;
  readonly status: ExperimentStatus;
  readonly last_decided_at: string;
  /** When it no longer blocks; absent when only the end of the experiment frees the subject. */
  readonly free_at?: string | undefined;
}

/** The assignment that holds a conflict domain. */
export interface HolderResponse {
  readonly experiment_id: string;
  readonly variant_id: string;
  readonly first_decided_at: string;
  readonly last_decided_at: string;
}

/** A member of a conflict domain as seen for the subject. */
export interface DomainCandidateResponse {
  readonly experiment_id: string;
  readonly experiment_key: string;
  readonly status: ExperimentStatus;
  readonly priority: number;
  readonly eligible: boolean;
  /** 0 to 9999; only for eligible members. */
  readonly tie_bucket?: number | undefined;
}

/** How one conflict domain treats the subject. */
export interface DomainResponse {
  readonly domain_id: string;
  readonly domain_key: string;
  readonly passed: boolean;
  readonly holder?: HolderResponse | undefined;
  readonly candidates: readonly DomainCandidateResponse[];
  readonly winner_experiment_id?: string | undefined;
  readonly won_by?: DomainTrace["wonBy"] | undefined;
}

/** A variant and its range. Weights are decimals with two places, as text. */
export interface VariantRangeResponse {
  readonly variant_id: string;
  readonly name: string;
  readonly weight: string;
  /** Sum of the weights up to and including this variant. */
  readonly up_to: string;
}

type VariantGate = Extract<GateTrace, { gate: "variant" }>;

/** One gate. What a gate that was not reached would have looked at is absent. */
export type GateResponse = {
  readonly verdict: GateVerdict;
  readonly change?: string | undefined;
} & (
  | { readonly gate: "flag"; readonly flag_key: string; readonly enabled?: boolean | undefined }
  | {
      readonly gate: "experiment";
      readonly experiment_id?: string | undefined;
      readonly experiment_key?: string | undefined;
      readonly status?: ExperimentStatus | undefined;
      /** Of an experiment that is rolled back: whether the subject gets its control's value. */
      readonly gives_control?: boolean | undefined;
    }
  | {
      readonly gate: "targeting";
      readonly rule?: string | null | undefined;
      readonly clauses?: readonly ClauseResponse[] | undefined;
      readonly fault?: string | undefined;
    }
  | {
      readonly gate: "participation";
      readonly limit: number;
      readonly cooldown_days: number;
      readonly concurrent?: readonly BlockingAssignmentResponse[] | undefined;
      readonly cooling?: readonly BlockingAssignmentResponse[] | undefined;
    }
  | { readonly gate: "conflict_domains"; readonly domains?: readonly DomainResponse[] | undefined }
  | {
      readonly gate: "allocation";
      /** 0 to 9999. */
      readonly bucket?: number | undefined;
      /** Buckets below it take part. */
      readonly threshold?: number | undefined;
      /** The same as a percentage with two places, as text. */
      readonly traffic_allocation?: string | undefined;
    }
  | { readonly gate: "variants"; readonly count?: number | undefined }
  | {
      readonly gate: "variant";
      /** 0 to 9999. */
      readonly bucket?: number | undefined;
      readonly total_weight?: string | undefined;
      readonly ranges?: readonly VariantRangeResponse[] | undefined;
      readonly variant_id?: string | undefined;
      readonly variant_name?: string | undefined;
      readonly chosen_by?: VariantGate["chosenBy"] | undefined;
    }
);

/** Answer of `POST /v1/explain`. Times are RFC 3339 in UTC. */
export interface ExplanationResponse {
  readonly flag: string;
  readonly subject_id: string;
  readonly revision: number;
  readonly at: string;
  readonly reason: DecisionReason;
  readonly value: JsonValue;
  readonly experiment_id: string | null;
  readonly variant_id: string | null;
  readonly kept: boolean;
  /** Id of the flag's rule that gives the value; absent when none does. */
  readonly rule_id?: string | undefined;
  readonly gates: readonly GateResponse[];
  /** The flag's rules in the order in which they are asked; absent when it has none. */
  readonly flag_rules?: readonly FlagRuleResponse[] | undefined;
}

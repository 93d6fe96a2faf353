import type {
  AuditedKind,
  ExperimentOutcome,
  ExperimentStatus,
  FlagValueType,
  JsonValue,
  ReviewVerdict,
} from "@lotty/domain";

/** A rule of a flag. */
export interface ControlFlagRuleResponse {
  readonly id: string;
  readonly rule: string | null;
  readonly value: JsonValue;
  readonly rollout: string;
}

/** What a flag decides by, at one version. */
export interface FlagVersionResponse {
  readonly id: string;
  readonly key: string;
  readonly type: FlagValueType;
  readonly default: JsonValue;
  readonly enabled: boolean;
  readonly rules: readonly ControlFlagRuleResponse[];
  readonly version: number;
  readonly updated_at: string;
}

/** A flag with what is said about it. */
export interface FlagResponse extends FlagVersionResponse {
  readonly description: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly schema: JsonValue;
  readonly archived_at: string | null;
}

/** A variant. */
export interface VariantResponse {
  readonly id: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly weight: string;
  readonly is_control: boolean;
}

/** Who gets what in an experiment. */
export interface ExperimentContentResponse {
  readonly flag_id: string;
  readonly rule: string | null;
  readonly traffic_allocation: string;
  readonly variants: readonly VariantResponse[];
  readonly sticky_assignment: boolean;
}

/** An experiment as decisions know it. */
export interface ExperimentSummaryResponse extends ExperimentContentResponse {
  readonly id: string;
  readonly key: string;
  readonly status: ExperimentStatus;
  /** Whether those whom it would take get control's value; only while it is paused. */
  readonly rolled_back: boolean;
  readonly version: number;
  readonly updated_at: string;
}

/** An edit of an active experiment that waits for its approvals. */
export interface ProposalResponse extends ExperimentContentResponse {
  readonly proposed_by: string;
  readonly proposed_at: string;
}

/** How an experiment ended. */
export interface OutcomeResponse {
  readonly outcome: ExperimentOutcome["kind"];
  readonly variant_id: string | null;
  readonly comment: string;
}

/** Something that speaks against an experiment as it is. */
export interface FindingResponse {
  readonly code: string;
  readonly severity: "blocks" | "warns";
  readonly message: string;
  readonly field: string;
}

/** An experiment with what is said about it. */
export interface ExperimentResponse extends ExperimentSummaryResponse {
  readonly hypothesis: string | null;
  readonly owner: string | null;
  readonly planned_days: number | null;
  readonly description: string | null;
  readonly authors: readonly string[];
  readonly submitted_by: string | null;
  readonly proposal: ProposalResponse | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly outcome: OutcomeResponse | null;
  /** Actions that its status takes. */
  readonly allowed: readonly string[];
  readonly warnings: readonly FindingResponse[];
}

/** What a reviewer said. */
export interface ReviewResponse {
  readonly id: string;
  readonly reviewer_id: string;
  readonly reviewer_name: string;
  readonly verdict: ReviewVerdict;
  readonly comment: string | null;
  readonly version: number;
  readonly at: string;
  readonly withdrawn_at: string | null;
}

/** Whose experiments need whose approvals. */
export interface ApproverGroupResponse {
  readonly id: string;
  readonly name: string;
  readonly experimenters: readonly string[];
  readonly approvers: readonly string[];
  readonly minimum: number;
}

/** A segment. */
export interface SegmentResponse {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly version: number;
  readonly updated_at: string;
}

/** A conflict domain. */
export interface ConflictDomainResponse {
  readonly id: string;
  readonly key: string;
  readonly members: readonly { readonly experiment_id: string; readonly priority: number }[];
}

/** One change on record. */
export interface AuditEntryResponse {
  readonly sequence: number;
  readonly id: string;
  readonly at: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly actor_kind: "user" | "key" | "system";
  readonly from: string | null;
  readonly action: string;
  readonly entity_kind: AuditedKind;
  readonly entity_id: string;
  readonly entity_key: string;
  readonly environment_id: string | null;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly previous_hash: string;
  readonly hash: string;
}

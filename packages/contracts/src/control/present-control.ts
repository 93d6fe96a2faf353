import {
  type ApproverGroup,
  type AuditEntry,
  type ConflictDomain,
  type Experiment,
  type ExperimentContent,
  type ExperimentDetails,
  type Flag,
  type FlagDetails,
  formatHundredths,
  formatInstant,
  type Instant,
  type Review,
  type Segment,
} from "@lotty/domain";
import type {
  ApproverGroupResponse,
  AuditEntryResponse,
  ConflictDomainResponse,
  ExperimentContentResponse,
  ExperimentResponse,
  ExperimentSummaryResponse,
  FindingResponse,
  FlagResponse,
  FlagVersionResponse,
  ReviewResponse,
  SegmentResponse,
} from "./control-records.ts";

/** A version of a flag for the wire. */
export function presentFlagVersion(flag: Flag): FlagVersionResponse {
  return {
    id: flag.id,
    key: flag.key,
    type: flag.valueType,
    default: flag.defaultValue,
    enabled: flag.enabled,
    rules: flag.rules.map(({ id, rollout, targetingRules, value }) => ({
      id,
      rule: targetingRules,
      value,
      rollout: formatHundredths(rollout),
    })),
    version: flag.version,
    updated_at: formatInstant(flag.updatedAt),
  };
}

/** A flag for the wire. */
export function presentFlag(flag: Flag, details: FlagDetails | undefined): FlagResponse {
  return {
    ...presentFlagVersion(flag),
    description: details?.description ?? null,
    owner: details?.owner ?? null,
    tags: details?.tags ?? [],
    schema: details?.valueSchema ?? null,
    archived_at: instantOrNull(details?.archivedAt ?? null),
  };
}

function presentContent(content: ExperimentContent): ExperimentContentResponse {
  return {
    flag_id: content.flagId,
    rule: content.targetingRules,
    traffic_allocation: formatHundredths(content.trafficAllocation),
    variants: content.variants.map(({ id, isControl, name, value, weight }) => ({
      id,
      name,
      value,
      weight: formatHundredths(weight),
      is_control: isControl,
    })),
    sticky_assignment: content.stickyAssignment,
  };
}

/** An experiment for lists. */
export function presentExperimentSummary(experiment: Experiment): ExperimentSummaryResponse {
  return {
    id: experiment.id,
    key: experiment.key,
    status: experiment.status,
    rolled_back: experiment.rolledBack ?? false,
    version: experiment.version,
    updated_at: formatInstant(experiment.updatedAt),
    ...presentContent(experiment),
  };
}

/** An experiment with its details, and what the control plane says of it. */
export interface PresentedExperiment {
  readonly experiment: Experiment;
  readonly details: ExperimentDetails;
  readonly allowed: readonly string[];
  readonly warnings: readonly FindingResponse[];
}

/** An experiment for the wire. */
export function presentExperiment({ allowed, details, experiment, warnings }: PresentedExperiment): ExperimentResponse {
  const { outcome, proposal } = details;
  return {
    ...presentExperimentSummary(experiment),
    hypothesis: details.hypothesis,
    owner: details.owner,
    planned_days: details.plannedDays,
    description: details.description,
    authors: details.authors,
    submitted_by: details.submittedBy,
    proposal: proposal && {
      ...presentContent(proposal.content),
      proposed_by: proposal.proposedBy,
      proposed_at: formatInstant(proposal.proposedAt),
    },
    started_at: instantOrNull(details.startedAt),
    completed_at: instantOrNull(details.completedAt),
    outcome: outcome && { outcome: outcome.kind, variant_id: outcome.variantId, comment: outcome.comment },
    allowed,
    warnings: warnings.map(({ code, field, message, severity }) => ({ code, severity, message, field })),
  };
}

/** A review for the wire. */
export function presentReview(review: Review): ReviewResponse {
  return {
    id: review.id,
    reviewer_id: review.reviewerId,
    reviewer_name: review.reviewerName,
    verdict: review.verdict,
    comment: review.comment,
    version: review.version,
    at: formatInstant(review.at),
    withdrawn_at: instantOrNull(review.withdrawnAt),
  };
}

/** An approver group for the wire. */
export function presentApproverGroup(group: ApproverGroup): ApproverGroupResponse {
  const { approvers, experimenters, id, minimum, name } = group;
  return { id, name, experimenters, approvers, minimum };
}

/** A segment for the wire. */
export function presentSegment({ id, key, rule, updatedAt, version }: Segment): SegmentResponse {
  return { id, key, rule, version, updated_at: formatInstant(updatedAt) };
}

/** A conflict domain for the wire. */
export function presentConflictDomain({ id, key, members }: ConflictDomain): ConflictDomainResponse {
  return {
    id,
    key,
    members: members.map(({ experimentId, priority }) => ({ experiment_id: experimentId, priority })),
  };
}

/** A change on record for the wire; the same fields as in exports. */
export function presentAuditEntry(entry: AuditEntry): AuditEntryResponse {
  return {
    sequence: entry.sequence,
    id: entry.id,
    at: formatInstant(entry.at),
    actor_id: entry.actor.id,
    actor_name: entry.actor.name,
    actor_kind: entry.actor.kind,
    from: entry.from,
    action: entry.action,
    entity_kind: entry.entity.kind,
    entity_id: entry.entity.id,
    entity_key: entry.entity.key,
    environment_id: entry.environmentId,
    before: entry.before,
    after: entry.after,
    previous_hash: entry.previousHash,
    hash: entry.hash,
  };
}

function instantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

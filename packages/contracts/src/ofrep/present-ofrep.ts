import type { AnsweredDecision } from "@lotty/decisions";
import type { DecisionReason } from "@lotty/domain";
import type { OfrepEvaluation, OfrepMetadata, OfrepReason } from "./ofrep-response.ts";

/** What an evaluation tells beside the decision, as far as it is known. */
export interface OfrepFacts {
  readonly flagVersion?: number | undefined;
  readonly variantName?: string | undefined;
}

/** The protocol knows no reason for a default value; it counts as static. */
const REASONS: Readonly<Record<DecisionReason, OfrepReason>> = {
  flag_not_found: "UNKNOWN",
  flag_disabled: "DISABLED",
  no_active_experiment: "STATIC",
  targeting_mismatch: "STATIC",
  participation_limit: "STATIC",
  domain_conflict: "STATIC",
  outside_traffic_allocation: "STATIC",
  no_variants: "STATIC",
  experiment_assigned: "SPLIT",
};

/** The evaluation of a flag that was decided for its subject: recorded, so it carries the id of its decision. */
export function presentOfrepEvaluation(decision: AnsweredDecision, facts: OfrepFacts): OfrepEvaluation {
  const evaluation = presentOfrepPreview(decision, facts);
  const { decisionId, durability } = decision;
  return { ...evaluation, metadata: { decisionId, ...evaluation.metadata, durability } };
}

/** The evaluation of a flag that a client fetches ahead: nothing is recorded, so there is no decision to name. */
export function presentOfrepPreview(decision: AnsweredDecision, facts: OfrepFacts): OfrepEvaluation {
  const { variantName } = facts;
  return {
    key: decision.flag,
    value: decision.value,
    reason: decision.ruleId === null ? REASONS[decision.reason] : "TARGETING_MATCH",
    ...(variantName !== undefined && { variant: variantName }),
    metadata: metadataOf(decision, facts),
  };
}

function metadataOf(
  { degraded, experimentId, reason, ruleId, variantId }: AnsweredDecision,
  { flagVersion }: OfrepFacts,
): OfrepMetadata {
  return {
    lottyReason: reason,
    ...(experimentId !== null && { experimentId }),
    ...(variantId !== null && { variantId }),
    ...(ruleId !== null && { ruleId }),
    ...(flagVersion !== undefined && { flagVersion }),
    ...(degraded && { degraded }),
  };
}

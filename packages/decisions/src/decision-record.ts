import type { Decision, DecisionRecord, Instant } from "@lotty/domain";
import { persistedValue, type Outcome } from "@lotty/engine";

/** What a decision row holds besides the outcome. */
export interface RecordContext {
  readonly decisionId: string;
  readonly environmentId: string;
  readonly flagKey: string;
  readonly subjectId: string;
  /** `null` when it is not recorded. */
  readonly attributesDigest: string | null;
  /** Canonical JSON, where they are recorded in full. */
  readonly attributes?: string;
  readonly now: Instant;
}

/** The answer that an outcome stands for. */
export function decisionOf(outcome: Outcome, decisionId: string, flagKey: string): Decision {
  return {
    decisionId,
    flag: flagKey,
    value: outcome.value,
    experimentId: outcome.experiment?.id ?? null,
    variantId: outcome.variant?.id ?? null,
    reason: outcome.reason,
    ruleId: outcome.flagRule?.id ?? null,
  };
}

/** The row that an outcome is stored as: enough to take the decision again and compare. */
export function recordOf(outcome: Outcome, context: RecordContext): DecisionRecord {
  return {
    decisionId: context.decisionId,
    environmentId: context.environmentId,
    flagKey: context.flagKey,
    subjectId: context.subjectId,
    experimentId: outcome.experiment?.id ?? null,
    variantId: outcome.variant?.id ?? null,
    value: persistedValue(outcome.value),
    reason: outcome.reason,
    ruleId: outcome.flagRule?.id ?? null,
    flagVersion: outcome.flag?.version ?? null,
    experimentVersion: outcome.experiment?.version ?? null,
    attributesDigest: context.attributesDigest,
    ...(context.attributes !== undefined && { attributes: context.attributes }),
    hashVersion: outcome.experiment?.hashVersion ?? 1,
    decidedAt: context.now,
  };
}

import type { DecisionRecord, Durability, Instant } from "@lotty/domain";
import { persistedValue, type Outcome } from "@lotty/engine";
import type { AnsweredDecision } from "./decider.ts";

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

/** What an answer holds besides the outcome. */
export interface AnswerContext {
  readonly decisionId: string;
  readonly flagKey: string;
  readonly durability: Durability;
  readonly source: AnsweredDecision["source"];
  /** Whether the store of decisions was away. */
  readonly degraded: boolean;
}

/** The answer that an outcome stands for. */
export function answerOf(outcome: Outcome, context: AnswerContext): AnsweredDecision {
  const answer: AnsweredDecision = {
    decisionId: context.decisionId,
    flag: context.flagKey,
    value: outcome.value,
    experimentId: outcome.experiment?.id ?? null,
    variantId: outcome.variant?.id ?? null,
    reason: outcome.reason,
    ruleId: outcome.flagRule?.id ?? null,
    durability: context.durability,
    source: context.source,
  };
  // Rare, and a copy of every other answer would cost about as much as deciding.
  return context.degraded ? { ...answer, degraded: true } : answer;
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

import type { AnsweredDecision } from "@lotty/decisions";
import type { DecisionReason, Durability, JsonValue } from "@lotty/domain";

/** Answer of `POST /v1/decide` to a request for one flag. */
export interface DecisionResponse {
  readonly decision_id: string;
  readonly flag: string;
  readonly value: JsonValue;
  readonly experiment_id: string | null;
  readonly variant_id: string | null;
  readonly reason: DecisionReason;
  /** Id of the flag's rule that gave the value; absent when none did. */
  readonly rule_id?: string;
  readonly durability: Durability;
  /** Only while the database is away; see `AnsweredDecision`. */
  readonly degraded?: true;
}

/** Answer of `POST /v1/decide` to a request for several flags, in the order of the request. */
export interface DecisionsResponse {
  readonly decisions: readonly DecisionResponse[];
}

/** The wire form of one decision. */
export function presentDecision(decision: AnsweredDecision): DecisionResponse {
  return {
    decision_id: decision.decisionId,
    flag: decision.flag,
    value: decision.value,
    experiment_id: decision.experimentId,
    variant_id: decision.variantId,
    reason: decision.reason,
    ...(decision.ruleId !== null && { rule_id: decision.ruleId }),
    durability: decision.durability,
    ...(decision.degraded && { degraded: decision.degraded }),
  };
}

/** The wire form of the decisions on several flags. */
export function presentDecisions(decisions: readonly AnsweredDecision[]): DecisionsResponse {
  return { decisions: decisions.map(presentDecision) };
}

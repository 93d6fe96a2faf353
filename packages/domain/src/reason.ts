/** Why a decision came out as it did. The names are part of the public contract and never change meaning. */
export const DECISION_REASONS = [
  "flag_not_found",
  "flag_disabled",
  "no_active_experiment",
  "targeting_mismatch",
  "participation_limit",
  "domain_conflict",
  "outside_traffic_allocation",
  "no_variants",
  "experiment_assigned",
] as const;

/** One of {@link DECISION_REASONS}. */
export type DecisionReason = (typeof DECISION_REASONS)[number];

const reasons: ReadonlySet<string> = new Set(DECISION_REASONS);

/** Whether a text is one of the known reasons. */
export function isDecisionReason(text: string): text is DecisionReason {
  return reasons.has(text);
}

import type { Assignment, SubjectHistory } from "./assignment.ts";
import type { DecisionRecord } from "./decision.ts";

/**
 * What two sources know of one subject together. An assignment that both know spans both; its variant is that of the later
 * decision, and of the second source when they are of the same time.
 */
export function mergeHistories(one: SubjectHistory, other: SubjectHistory): SubjectHistory {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const merged = new Map(one.map((assignment) => [assignment.experimentId, assignment]));
  for (const assignment of other) {
    const known = merged.get(assignment.experimentId);
    merged.set(assignment.experimentId, known === undefined ? assignment : spanning(known, assignment));
  }
  return [...merged.values()];
}

/** The assignments that follow from decisions of one subject: one per experiment. */
export function assignmentsOf(decisions: readonly DecisionRecord[]): SubjectHistory {
  return decisions.reduce<SubjectHistory>((history, { experimentId, variantId, reason, decidedAt }) => {
    if (reason !== "experiment_assigned" || experimentId === null || variantId === null) return history;
    return mergeHistories(history, [{ experimentId, variantId, firstDecidedAt: decidedAt, lastDecidedAt: decidedAt }]);
  }, []);
}

function spanning(one: Assignment, other: Assignment): Assignment {
  return {
    experimentId: one.experimentId,
    variantId: other.lastDecidedAt >= one.lastDecidedAt ? other.variantId : one.variantId,
    firstDecidedAt: Math.min(one.firstDecidedAt, other.firstDecidedAt),
    lastDecidedAt: Math.max(one.lastDecidedAt, other.lastDecidedAt),
  };
}

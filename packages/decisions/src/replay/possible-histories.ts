import {
  mergeHistories,
  type DecisionRecord,
  type PastAssignment,
  type SubjectHistory,
  type SubjectPastAround,
} from "@lotty/domain";

/** Decisions of one subject that fall together more closely than this are not told apart any further. */
const MAX_HISTORIES = 16;

/**
 * The histories on which a decision may have been taken, the likeliest first: that of everything assigned by then. Calls for one
 * subject that overlap need not have seen each other, or were decided again after another; so what was assigned shortly before
 * may be missing, and what was assigned shortly afterwards may be there.
 */
export function possibleHistories(past: SubjectPastAround, { decisionId }: DecisionRecord): readonly SubjectHistory[] {
  const others = past.since.filter((each) => each.decisionId !== decisionId);
  const earlier = others.filter((each) => each.decisionId < decisionId).length;
  const cuts = Array.from({ length: others.length + 1 }, (_, cut) => cut)
    .toSorted((a, b) => Math.abs(a - earlier) - Math.abs(b - earlier))
    .slice(0, MAX_HISTORIES);
  return cuts.map((cut) => mergeHistories(past.before, others.slice(0, cut).reduce(withAssignment, [])));
}

function withAssignment(history: SubjectHistory, assigned: PastAssignment): SubjectHistory {
  const { decidedAt, experimentId, variantId } = assigned;
  return mergeHistories(history, [{ experimentId, variantId, firstDecidedAt: decidedAt, lastDecidedAt: decidedAt }]);
}

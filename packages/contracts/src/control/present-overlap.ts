import type { Overlap } from "@lotty/control-plane";
import type { ConflictDomain } from "@lotty/domain";
import type { OverlapResponse } from "./control-answers.ts";

/** What concerns one domain of all overlaps, for the wire: pairs of its members, and what it costs them. */
export function presentOverlap({ costs, pairs }: Overlap, { id, members }: ConflictDomain): OverlapResponse {
  const ids = new Set(members.map(({ experimentId }) => experimentId));
  return {
    pairs: pairs
      .filter(({ experimentIds }) => experimentIds.every((each) => ids.has(each)))
      .map(({ experimentIds, shares, subjects }) => ({ experiment_ids: experimentIds, subjects, shares })),
    costs: costs
      .filter(({ domainId }) => domainId === id)
      .map(({ experimentId, lost, share, to }) => ({
        experiment_id: experimentId,
        lost,
        share,
        to: to.map((each) => ({ experiment_id: each.experimentId, subjects: each.subjects })),
      })),
  };
}

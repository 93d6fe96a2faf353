import type { ReviewState } from "@lotty/control-plane";
import type { ReviewStateResponse } from "./control-answers.ts";

/** Where a review stands, for the wire. */
export function presentReviewState({ approvedBy, needs, satisfied }: ReviewState): ReviewStateResponse {
  return {
    satisfied,
    needs: needs.map(({ approvals, group, mayApprove, minimum, missing }) => ({
      group,
      minimum,
      approvals,
      missing,
      may_approve: mayApprove,
    })),
    approved_by: approvedBy,
  };
}

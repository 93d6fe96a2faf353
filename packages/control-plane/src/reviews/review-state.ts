import type { ApproverGroup, ExperimentDetails, Review } from "@lotty/domain";
import type { Refusal } from "../refusal.ts";

/** How strict reviews are. */
export interface ReviewSettings {
  /** Whether authors may approve what they wrote: for installations with a single user. */
  readonly allowSelfApproval: boolean;
  /** Approvals that an experiment needs whose authors are in no approver group, from 1. */
  readonly minimumApprovals: number;
}

/** What a review rests on. */
export interface ReviewQuestion {
  readonly details: ExperimentDetails;
  readonly reviews: readonly Review[];
  readonly groups: readonly ApproverGroup[];
  readonly settings: ReviewSettings;
}

/** What one group still has to say. */
export interface ApprovalNeed {
  /** `null` where no author is in a group, so that everyone who may review counts. */
  readonly group: { readonly id: string; readonly name: string } | null;
  readonly minimum: number;
  readonly approvals: number;
  /** Approvals that are still missing. */
  readonly missing: number;
  /** Ids of those of whom an approval would count; `null` when it is everyone who may review but the authors. */
  readonly mayApprove: readonly string[] | null;
}

/** Where a review stands. */
export interface ReviewState {
  /** Whether nothing is missing. */
  readonly satisfied: boolean;
  /** One per group that an author is in. */
  readonly needs: readonly ApprovalNeed[];
  /** Ids of those whose approval counts, in the order in which they approved. */
  readonly approvedBy: readonly string[];
}

/**
 * Counts approvals. One counts when it was given for what is to be reviewed now, is the reviewer's last word and is not
 * withdrawn, does not come from an author or the submitter, and is of a group that asks for it: groups count as they are now.
 */
export function reviewState(question: ReviewQuestion): ReviewState {
  const { groups, settings } = question;
  const approvers = validReviews(question).filter(
    ({ verdict, reviewerId }) => verdict === "approve" && !isOwnWork(reviewerId, question),
  );
  const ids = approvers.map(({ reviewerId }) => reviewerId);
  const asked = groupsOf(question.details, groups);
  const needs =
    asked.length === 0
      ? [needOf({ group: null, minimum: settings.minimumApprovals, count: ids.length, mayApprove: null })]
      : asked.map((group) => {
          const count = ids.filter((id) => group.approvers.includes(id)).length;
          const mayApprove = group.approvers.filter((id) => !ids.includes(id) && !isOwnWork(id, question));
          return needOf({ group: { id: group.id, name: group.name }, minimum: group.minimum, count, mayApprove });
        });
  const approvedBy = ids.filter((id) => asked.length === 0 || asked.some(({ approvers: list }) => list.includes(id)));
  return { satisfied: needs.every(({ missing }) => missing === 0), needs, approvedBy };
}

/** Why somebody who has the permission to review may not approve this; `undefined` when they may. */
export function approvalRefusal(reviewerId: string, question: ReviewQuestion): Refusal | undefined {
  if (isOwnWork(reviewerId, question)) {
    return { code: "self_approval", message: "Nobody approves what they wrote or submitted themselves." };
  }
  const refusal = reviewerRefusal(reviewerId, question);
  if (refusal !== undefined) return refusal;
  if (reviewState(question).approvedBy.includes(reviewerId)) {
    return { code: "already_approved", message: "This version has your approval already." };
  }
  return undefined;
}

/** Why somebody who has the permission to review is not asked about this; `undefined` when they are. */
export function reviewerRefusal(
  reviewerId: string,
  { details, groups }: Pick<ReviewQuestion, "details" | "groups">,
): Refusal | undefined {
  const asked = groupsOf(details, groups);
  if (asked.length === 0 || asked.some(({ approvers }) => approvers.includes(reviewerId))) return undefined;
  const names = asked.map(({ name }) => name).join(", ");
  return { code: "not_an_approver", message: `This experiment is reviewed by the groups ${names}.` };
}

/** The last word of each reviewer on what is to be reviewed now, oldest first. */
export function validReviews({ details, reviews }: Pick<ReviewQuestion, "details" | "reviews">): readonly Review[] {
  const current = reviews.filter(({ version }) => version >= details.contentVersion);
  return current.filter(
    (review, index) =>
      review.withdrawnAt === null &&
      !current.slice(index + 1).some(({ reviewerId }) => reviewerId === review.reviewerId),
  );
}

/** The groups that review what anyone of those has written who stand behind it; of a proposed edit, whoever proposed it. */
function groupsOf(
  { proposal, authors, submittedBy }: ExperimentDetails,
  groups: readonly ApproverGroup[],
): readonly ApproverGroup[] {
  const behind = proposal === null ? [...authors, submittedBy] : [proposal.proposedBy];
  return groups.filter(({ experimenters }) => experimenters.some((id) => behind.includes(id)));
}

function isOwnWork(reviewerId: string, { details, settings }: ReviewQuestion): boolean {
  if (settings.allowSelfApproval) return false;
  const own = [...details.authors, details.submittedBy, details.proposal?.proposedBy];
  return own.includes(reviewerId);
}

function needOf(need: {
  readonly group: ApprovalNeed["group"];
  readonly minimum: number;
  readonly count: number;
  readonly mayApprove: readonly string[] | null;
}): ApprovalNeed {
  const { group, minimum, count, mayApprove } = need;
  return { group, minimum, approvals: count, missing: Math.max(0, minimum - count), mayApprove };
}

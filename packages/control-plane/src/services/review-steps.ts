import { isActive, type Actor, type ExperimentDetails, type Review } from "@lotty/domain";
import type { Refusal } from "../refusal.ts";
import { approvalRefusal, reviewerRefusal, reviewState, validReviews } from "../reviews/review-state.ts";
import { refused, type ControlPorts } from "./command.ts";
import { planUpdate, reviewQuestion, type ExperimentSituation, type ExperimentStep } from "./experiment-command.ts";

/** Who says what in a review. */
export interface ReviewRequest {
  readonly actor: Actor;
  readonly comment: string | null;
}

/** Adds an approval of what is to be reviewed: the experiment, or the proposed edit of an active one. */
export function approveStep(ports: ControlPorts, request: ReviewRequest): ExperimentStep {
  return {
    action: "approve",
    permission: "experiment.review",
    plan: (situation, next) => {
      const question = reviewQuestion(ports, situation);
      const refusal = nothingProposed(situation) ?? approvalRefusal(request.actor.id, question);
      if (refusal !== undefined) return refused(refusal);
      const review = newReview(ports, situation, { ...request, verdict: "approve" });
      const { satisfied } = reviewState({ ...question, reviews: [...situation.reviews, review] });
      const status = satisfied ? next : situation.experiment.status;
      return planUpdate(situation, {
        action: "experiment.approve",
        after: { experiment: { ...situation.experiment, status }, details: situation.details },
        reviews: [review],
      });
    },
  };
}

/** Sends an experiment back to its authors, or drops the proposed edit of an active one. */
export function requestChangesStep(ports: ControlPorts, request: ReviewRequest): ExperimentStep {
  return refusingStep(ports, request, "request_changes");
}

/** Ends a review for good. */
export function rejectStep(ports: ControlPorts, request: ReviewRequest): ExperimentStep {
  return refusingStep(ports, request, "reject");
}

function refusingStep(
  ports: ControlPorts,
  request: ReviewRequest,
  verdict: "request_changes" | "reject",
): ExperimentStep {
  return {
    action: verdict,
    permission: "experiment.review",
    plan: (situation, next) => {
      const refusal =
        nothingProposed(situation) ??
        reviewerRefusal(request.actor.id, reviewQuestion(ports, situation)) ??
        commentMissing(request);
      if (refusal !== undefined) return refused(refusal);
      return planUpdate(situation, {
        action: `experiment.${verdict}`,
        after: {
          experiment: { ...situation.experiment, status: next },
          details: withoutProposal(situation),
        },
        reviews: [newReview(ports, situation, { ...request, verdict })],
      });
    },
  };
}

/** Takes back the actor's own approval. */
export function withdrawApprovalStep(ports: ControlPorts, actorId: string): ExperimentStep {
  return {
    action: "withdraw_approval",
    permission: "experiment.review",
    plan: (situation, next) => {
      const proposalMissing = nothingProposed(situation);
      if (proposalMissing !== undefined) return refused(proposalMissing);
      const approval = validReviews(situation).find(
        ({ reviewerId, verdict }) => reviewerId === actorId && verdict === "approve",
      );
      if (approval === undefined) {
        return refused({ code: "no_approval", message: "You have no approval of this version to withdraw." });
      }
      const withdrawn: Review = { ...approval, withdrawnAt: situation.now };
      const reviews = situation.reviews.map((review) => (review.id === withdrawn.id ? withdrawn : review));
      const { satisfied } = reviewState({ ...reviewQuestion(ports, situation), reviews });
      const status = satisfied ? situation.experiment.status : next;
      return planUpdate(situation, {
        action: "experiment.withdraw_approval",
        after: { experiment: { ...situation.experiment, status }, details: situation.details },
        reviews: [withdrawn],
      });
    },
  };
}

/** Nothing is to be reviewed about an active experiment but a proposed edit. */
function nothingProposed({ experiment, details }: ExperimentSituation): Refusal | undefined {
  if (!isActive(experiment.status) || details.proposal !== null) return undefined;
  const message = `No edit of this ${experiment.status} experiment waits for a review. To stop it, pause or complete it.`;
  return { code: "nothing_to_review", message };
}

function commentMissing({ comment }: ReviewRequest): Refusal | undefined {
  if (comment !== null && comment.trim() !== "") return undefined;
  const message = "Say in a comment what has to change.";
  return { code: "invalid_field", field: "comment", message };
}

function withoutProposal({ experiment, details }: ExperimentSituation): ExperimentDetails {
  if (details.proposal === null) return details;
  return { ...details, proposal: null, contentVersion: experiment.version + 1 };
}

function newReview(
  { ids }: ControlPorts,
  { experiment, now }: ExperimentSituation,
  { actor, comment, verdict }: ReviewRequest & Pick<Review, "verdict">,
): Review {
  return {
    id: ids.next(now),
    experimentId: experiment.id,
    reviewerId: actor.id,
    reviewerName: actor.name,
    verdict,
    comment,
    version: experiment.version,
    at: now,
    withdrawnAt: null,
  };
}

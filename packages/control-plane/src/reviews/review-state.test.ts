import type { ApproverGroup, ExperimentDetails, Review } from "@lotty/domain";
import { sampleExperimentDetails, sampleReview } from "@lotty/testkit/suites/control-plane-store";
import { describe, expect, it } from "vitest";
import { approvalRefusal, reviewState, type ReviewQuestion, type ReviewSettings } from "./review-state.ts";

const SETTINGS: ReviewSettings = { allowSelfApproval: false, minimumApprovals: 1 };

function question(
  fields: Partial<ReviewQuestion> & { readonly said?: Partial<ExperimentDetails> } = {},
): ReviewQuestion {
  const { said, ...rest } = fields;
  const details = sampleExperimentDetails("x", { authors: ["eve"], submittedBy: "eve", contentVersion: 2, ...said });
  return { details, reviews: [], groups: [], settings: SETTINGS, ...rest };
}

function review(reviewerId: string, fields: Partial<Review> = {}): Review {
  return sampleReview("x", { reviewerId, version: 2, ...fields });
}

function group(name: string, fields: Partial<ApproverGroup> = {}): ApproverGroup {
  return { id: name, name, experimenters: ["eve"], approvers: ["ann", "bob"], minimum: 1, ...fields };
}

describe("counting approvals", () => {
  it("asks everyone who may review for so many where no author is in a group", () => {
    const settings = { ...SETTINGS, minimumApprovals: 2 };
    expect(reviewState(question({ settings, reviews: [review("ann")] }))).toStrictEqual({
      satisfied: false,
      needs: [{ group: null, minimum: 2, approvals: 1, missing: 1, mayApprove: null }],
      approvedBy: ["ann"],
    });
    expect(reviewState(question({ settings, reviews: [review("ann"), review("cid")] })).satisfied).toBe(true);
  });

  it("asks every group that an author is in", () => {
    const groups = [
      group("shop", { minimum: 2, approvers: ["ann", "bob", "eve"] }),
      group("legal", { approvers: ["lea"] }),
      group("others", { experimenters: ["zoe"] }),
    ];
    const state = reviewState(question({ groups, reviews: [review("ann"), review("cid")] }));
    expect(state).toStrictEqual({
      satisfied: false,
      needs: [
        { group: { id: "shop", name: "shop" }, minimum: 2, approvals: 1, missing: 1, mayApprove: ["bob"] },
        { group: { id: "legal", name: "legal" }, minimum: 1, approvals: 0, missing: 1, mayApprove: ["lea"] },
      ],
      approvedBy: ["ann"],
    });
    const all = [review("ann"), review("bob"), review("lea")];
    expect(reviewState(question({ groups, reviews: all })).satisfied).toBe(true);
  });

  it("asks the authors' groups, whoever submits it", () => {
    const said = { authors: ["eve"], submittedBy: "zoe" };
    const state = reviewState(question({ said, groups: [group("shop")], reviews: [review("cid")] }));
    expect(state).toMatchObject({ satisfied: false, needs: [{ group: { id: "shop" }, missing: 1 }] });
  });

  it("asks the groups of whoever proposed an edit", () => {
    const content = { flagId: "f", targetingRules: null, trafficAllocation: 1, variants: [], stickyAssignment: true };
    const said = { proposal: { content, proposedBy: "zoe", proposedAt: 1 } };
    const groups = [group("shop"), group("others", { experimenters: ["zoe"] })];
    expect(reviewState(question({ said, groups })).needs).toMatchObject([{ group: { id: "others" } }]);
  });

  it("counts nobody twice", () => {
    const settings = { ...SETTINGS, minimumApprovals: 2 };
    expect(reviewState(question({ settings, reviews: [review("ann"), review("ann")] })).satisfied).toBe(false);
  });

  it("counts no approval of an earlier content", () => {
    expect(reviewState(question({ reviews: [review("ann", { version: 1 })] })).satisfied).toBe(false);
    expect(reviewState(question({ reviews: [review("ann", { version: 3 })] })).satisfied).toBe(true);
  });

  it("counts the last word of each, and none that is withdrawn", () => {
    const asked = review("ann", { verdict: "request_changes" });
    expect(reviewState(question({ reviews: [review("ann"), asked] })).satisfied).toBe(false);
    expect(reviewState(question({ reviews: [asked, review("ann")] })).satisfied).toBe(true);
    const withdrawn = review("ann", { withdrawnAt: 1 });
    expect(reviewState(question({ reviews: [withdrawn] })).satisfied).toBe(false);
    expect(reviewState(question({ reviews: [review("ann"), withdrawn] })).satisfied).toBe(false);
  });

  it("counts no approval of those who wrote or submitted it", () => {
    for (const said of [{ authors: ["ann"] }, { submittedBy: "ann" }, { authors: ["eve", "ann"] }]) {
      expect(reviewState(question({ said, reviews: [review("ann")] })).satisfied).toBe(false);
    }
    const content = { flagId: "f", targetingRules: null, trafficAllocation: 1, variants: [], stickyAssignment: true };
    const proposal = { content, proposedBy: "ann", proposedAt: 1 };
    expect(reviewState(question({ said: { proposal }, reviews: [review("ann")] })).satisfied).toBe(false);
  });

  it("counts them where an installation allows it", () => {
    const settings = { ...SETTINGS, allowSelfApproval: true };
    expect(reviewState(question({ settings, reviews: [review("eve")] })).satisfied).toBe(true);
  });

  it("goes by the groups as they are now", () => {
    const reviews = [review("ann")];
    expect(reviewState(question({ reviews, groups: [group("shop")] })).satisfied).toBe(true);
    expect(reviewState(question({ reviews, groups: [group("shop", { approvers: ["bob"] })] })).satisfied).toBe(false);
  });
});

describe("who may approve", () => {
  it("is not an author, nor who submitted it", () => {
    expect(approvalRefusal("eve", question())).toMatchObject({ code: "self_approval" });
    const settings = { ...SETTINGS, allowSelfApproval: true };
    expect(approvalRefusal("eve", question({ settings }))).toBeUndefined();
  });

  it("is somebody of the groups that are asked", () => {
    const groups = [group("shop")];
    expect(approvalRefusal("cid", question({ groups }))).toStrictEqual({
      code: "not_an_approver",
      message: "This experiment is reviewed by the groups shop.",
    });
    expect(approvalRefusal("ann", question({ groups }))).toBeUndefined();
    expect(approvalRefusal("cid", question())).toBeUndefined();
  });

  it("is nobody who has", () => {
    expect(approvalRefusal("ann", question({ reviews: [review("ann")] }))).toMatchObject({ code: "already_approved" });
    expect(approvalRefusal("ann", question({ reviews: [review("ann", { version: 1 })] }))).toBeUndefined();
  });
});

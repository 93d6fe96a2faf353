import type { AnsweredDecision } from "@lotty/decisions";
import { DECISION_REASONS } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { presentOfrepEvaluation, presentOfrepPreview } from "./present-ofrep.ts";
import { ofrepEvaluationSchema } from "./ofrep-response.ts";

const decision: AnsweredDecision = {
  decisionId: "01936f00-0000-7000-8000-000000000001",
  flag: "checkout",
  value: { wide: true },
  experimentId: "01936f00-0000-7000-8000-00000000000e",
  variantId: "01936f00-0000-7000-8000-00000000000f",
  ruleId: null,
  reason: "experiment_assigned",
  durability: "committed",
  source: "computed",
};

describe("presentOfrepEvaluation", () => {
  it("tells the recorded decision and what gave the value", () => {
    expect(presentOfrepEvaluation(decision, { flagVersion: 3, variantName: "wide" })).toEqual({
      key: "checkout",
      value: { wide: true },
      reason: "SPLIT",
      variant: "wide",
      metadata: {
        decisionId: decision.decisionId,
        lottyReason: "experiment_assigned",
        experimentId: decision.experimentId,
        variantId: decision.variantId,
        flagVersion: 3,
        durability: "committed",
      },
    });
  });

  it("leaves out what is not known", () => {
    const without = { ...decision, experimentId: null, variantId: null, reason: "no_active_experiment" } as const;
    expect(presentOfrepEvaluation(without, {})).toEqual({
      key: "checkout",
      value: { wide: true },
      reason: "STATIC",
      metadata: { decisionId: decision.decisionId, lottyReason: "no_active_experiment", durability: "committed" },
    });
  });

  it("tells that an answer rests on less than everything", () => {
    expect(presentOfrepEvaluation({ ...decision, degraded: true }, {}).metadata).toMatchObject({ degraded: true });
  });

  it.each(DECISION_REASONS)("has a reason of the protocol for %s", (reason) => {
    expect(ofrepEvaluationSchema.safeParse(presentOfrepEvaluation({ ...decision, reason }, {})).success).toBe(true);
  });

  it("takes a rule of the flag for a match, whatever the experiment said", () => {
    const byRule = { ...decision, variantId: null, reason: "targeting_mismatch", ruleId: "r" } as const;
    expect(presentOfrepEvaluation(byRule, {})).toMatchObject({ reason: "TARGETING_MATCH", metadata: { ruleId: "r" } });
  });
});

describe("presentOfrepPreview", () => {
  it("names no decision and no record, for there is none", () => {
    expect(Object.keys(presentOfrepPreview(decision, {}).metadata)).toEqual([
      "lottyReason",
      "experimentId",
      "variantId",
    ]);
  });
});

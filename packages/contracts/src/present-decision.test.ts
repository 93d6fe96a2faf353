import type { AnsweredDecision } from "@lotty/decisions";
import { describe, expect, it } from "vitest";
import { presentDecision, presentDecisions } from "./present-decision.ts";

const decision: AnsweredDecision = {
  decisionId: "01936f00-0000-7000-8000-000000000001",
  flag: "checkout",
  value: { layout: ["wide", null] },
  experimentId: "01936f00-0000-7000-8000-00000000000a",
  variantId: null,
  reason: "outside_traffic_allocation",
  ruleId: null,
  durability: "committed",
  source: "cache",
};

describe("presentDecision", () => {
  it("answers in snake_case, without what is internal, and with null for what there is not", () => {
    expect(JSON.stringify(presentDecision(decision))).toBe(
      '{"decision_id":"01936f00-0000-7000-8000-000000000001","flag":"checkout","value":{"layout":["wide",null]},' +
        '"experiment_id":"01936f00-0000-7000-8000-00000000000a","variant_id":null,' +
        '"reason":"outside_traffic_allocation","durability":"committed"}',
    );
  });

  it("says that a decision is degraded, and nothing about it otherwise", () => {
    expect(presentDecision({ ...decision, durability: "spooled", degraded: true })).toMatchObject({
      durability: "spooled",
      degraded: true,
    });
    expect(presentDecision(decision)).not.toHaveProperty("degraded");
  });

  it("names the rule that gave the value, and none otherwise", () => {
    const ruleId = "01936f00-0000-7000-8000-00000000000c";
    expect(presentDecision({ ...decision, ruleId })).toMatchObject({ rule_id: ruleId });
    expect(presentDecision(decision)).not.toHaveProperty("rule_id");
  });

  it("keeps the order of several decisions", () => {
    const answer = presentDecisions([decision, { ...decision, flag: "banner" }]);
    expect(answer.decisions.map((each) => each.flag)).toEqual(["checkout", "banner"]);
  });
});

import { parseInstant, type RuleClause } from "@lotty/domain";
import type { Explanation } from "@lotty/engine";
import { describe, expect, it } from "vitest";
import { presentExplanation } from "./present-explanation.ts";

const AT = parseInstant("2026-03-01T12:00:00.000250Z") ?? 0;

const clauses: readonly RuleClause[] = [
  { kind: "comparison", path: ["plan"], operator: "==", literal: { type: "string", value: "pro" } },
  {
    kind: "membership",
    path: ["country"],
    negated: true,
    literals: [{ type: "string", value: "DE" }],
  },
  {
    kind: "between",
    path: ["age"],
    low: { type: "number", value: 18 },
    high: { type: "number", value: 30 },
  },
  { kind: "contains", path: ["tags"], literal: { type: "null" } },
  { kind: "text", path: ["email"], operator: "ENDS_WITH", operand: ".org" },
  { kind: "exists", path: ["a", "weird key"] },
];

const explanation: Explanation = {
  flag: "checkout",
  subjectId: "user-1",
  revision: 7,
  at: AT,
  reason: "experiment_assigned",
  value: "wide",
  experimentId: "e1",
  variantId: "v1",
  kept: false,
  ruleId: null,
  flagRules: [],
  gates: [
    { gate: "flag", verdict: "passed", flagKey: "checkout" },
    {
      gate: "experiment",
      verdict: "passed",
      experimentId: "e1",
      experimentKey: "wider",
      status: "running",
    },
    {
      gate: "targeting",
      verdict: "passed",
      rule: "…",
      clauses: clauses.map((clause, index) =>
        index === 0 ? { clause, actual: { deep: [1] }, result: "true" } : { clause, result: "skipped" },
      ),
    },
    {
      gate: "participation",
      verdict: "failed",
      change: "wait",
      limit: 3,
      cooldownDays: 7,
      concurrent: [{ experimentId: "e2", experimentKey: "other", status: "paused", lastDecidedAt: AT }],
      cooling: [
        {
          experimentId: "e3",
          experimentKey: "old",
          status: "archived",
          lastDecidedAt: AT,
          freeAt: AT + 1_000_000,
        },
      ],
    },
    {
      gate: "conflict_domains",
      verdict: "passed",
      domains: [
        {
          domainId: "d1",
          domainKey: "pricing",
          passed: true,
          holder: { experimentId: "e1", variantId: "v1", firstDecidedAt: AT, lastDecidedAt: AT },
          candidates: [
            {
              experimentId: "e1",
              experimentKey: "wider",
              status: "running",
              priority: 5,
              eligible: true,
              tieBucket: 0,
            },
          ],
          winnerExperimentId: "e1",
          wonBy: "holder",
        },
      ],
    },
    { gate: "allocation", verdict: "passed", bucket: 0, threshold: 3333 },
    { gate: "variants", verdict: "passed", count: 1 },
    {
      gate: "variant",
      verdict: "passed",
      bucket: 4242,
      totalWeight: 10_050,
      ranges: [{ variantId: "v1", name: "wide", weight: 10_050, upTo: 10_050 }],
      variantId: "v1",
      variantName: "wide",
      chosenBy: "range",
    },
  ],
};

/** The answer as it goes over the wire. */
function wire(given: Explanation): unknown {
  return JSON.parse(JSON.stringify(presentExplanation(given, (clause) => `<${clause.kind}>`)));
}

describe("presentExplanation", () => {
  it("answers times as text, weights as decimals and buckets as whole numbers", () => {
    const time = "2026-03-01T12:00:00.000250Z";
    expect(wire(explanation)).toMatchObject({
      flag: "checkout",
      subject_id: "user-1",
      revision: 7,
      at: time,
      experiment_id: "e1",
      variant_id: "v1",
      kept: false,
      gates: [
        { gate: "flag", verdict: "passed", flag_key: "checkout" },
        { gate: "experiment", experiment_id: "e1", experiment_key: "wider", status: "running" },
        { gate: "targeting", rule: "…" },
        {
          gate: "participation",
          verdict: "failed",
          change: "wait",
          limit: 3,
          cooldown_days: 7,
          concurrent: [
            {
              experiment_id: "e2",
              experiment_key: "other",
              status: "paused",
              last_decided_at: time,
            },
          ],
          cooling: [{ experiment_id: "e3", status: "archived", free_at: "2026-03-01T12:00:01.000250Z" }],
        },
        {
          gate: "conflict_domains",
          domains: [
            {
              domain_id: "d1",
              domain_key: "pricing",
              passed: true,
              holder: {
                experiment_id: "e1",
                variant_id: "v1",
                first_decided_at: time,
                last_decided_at: time,
              },
              candidates: [{ experiment_id: "e1", experiment_key: "wider", eligible: true, tie_bucket: 0 }],
              winner_experiment_id: "e1",
              won_by: "holder",
            },
          ],
        },
        { gate: "allocation", bucket: 0, threshold: 3333, traffic_allocation: "33.33" },
        { gate: "variants", count: 1 },
        {
          gate: "variant",
          bucket: 4242,
          total_weight: "100.50",
          ranges: [{ variant_id: "v1", name: "wide", weight: "100.50", up_to: "100.50" }],
          variant_id: "v1",
          variant_name: "wide",
          chosen_by: "range",
        },
      ],
    });
  });

  it("answers clauses as text and as data, with the attribute's value untouched", () => {
    expect(presentExplanation(explanation, (clause) => `<${clause.kind}>`).gates[2]).toMatchObject({
      clauses: [
        {
          text: "<comparison>",
          path: ["plan"],
          operator: "==",
          literals: [{ value: "pro" }],
          actual: { deep: [1] },
        },
        {
          text: "<membership>",
          operator: "NOT IN",
          literals: [{ value: "DE" }],
          result: "skipped",
        },
        { text: "<between>", operator: "BETWEEN", literals: [{ value: 18 }, { value: 30 }] },
        { text: "<contains>", operator: "CONTAINS", literals: [{ type: "null" }] },
        { text: "<text>", operator: "ENDS_WITH", literals: [{ type: "string", value: ".org" }] },
        { text: "<exists>", path: ["a", "weird key"], operator: "EXISTS", literals: [] },
      ],
    });
  });

  it("leaves out what a gate that was not reached would have looked at", () => {
    const gates: Explanation["gates"] = [
      { gate: "flag", verdict: "failed", flagKey: "checkout" },
      { gate: "experiment", verdict: "not_reached" },
      { gate: "targeting", verdict: "not_reached" },
      { gate: "participation", verdict: "not_reached", limit: 3, cooldownDays: 7 },
      { gate: "conflict_domains", verdict: "not_reached" },
      { gate: "allocation", verdict: "not_reached" },
      { gate: "variants", verdict: "not_reached" },
      { gate: "variant", verdict: "not_reached" },
    ];
    expect(wire({ ...explanation, gates })).toMatchObject({
      gates: [
        { gate: "flag", verdict: "failed", flag_key: "checkout" },
        { gate: "experiment", verdict: "not_reached" },
        { gate: "targeting", verdict: "not_reached" },
        { gate: "participation", verdict: "not_reached", limit: 3, cooldown_days: 7 },
        { gate: "conflict_domains", verdict: "not_reached" },
        { gate: "allocation", verdict: "not_reached" },
        { gate: "variants", verdict: "not_reached" },
        { gate: "variant", verdict: "not_reached" },
      ],
    });
    expect(JSON.stringify(wire({ ...explanation, gates }))).not.toMatch(/experiment_key|bucket|weight/);
  });

  it("shows the rules of the flag, and what is inside of the segments that they name", () => {
    const inside = [{ clause: { kind: "exists", path: ["vip"] }, actual: true, result: "true" }] as const;
    const asked = [{ clause: { kind: "segment", key: "beta", negated: true }, result: "false", inside }] as const;
    const facts = { value: "gold", rollout: 2_550, rule: 'NOT IN SEGMENT "beta"' };
    const answer = presentExplanation(
      {
        ...explanation,
        ruleId: "r2",
        flagRules: [
          { ...facts, ruleId: "r1", verdict: "not_meant", clauses: asked },
          { ...facts, ruleId: "r2", verdict: "gave_value", rule: null, clauses: [], bucket: 17 },
        ],
      },
      (clause) => clause.kind,
    );
    expect(answer.rule_id).toBe("r2");
    expect(JSON.parse(JSON.stringify(answer.flag_rules))).toStrictEqual([
      {
        rule_id: "r1",
        verdict: "not_meant",
        value: "gold",
        rollout: "25.50",
        rule: 'NOT IN SEGMENT "beta"',
        clauses: [
          {
            text: "segment",
            path: [],
            operator: "NOT IN SEGMENT",
            literals: [{ type: "string", value: "beta" }],
            result: "false",
            inside: [{ text: "exists", path: ["vip"], operator: "EXISTS", literals: [], actual: true, result: "true" }],
          },
        ],
        threshold: 2_550,
      },
      {
        rule_id: "r2",
        verdict: "gave_value",
        value: "gold",
        rollout: "25.50",
        rule: null,
        clauses: [],
        bucket: 17,
        threshold: 2_550,
      },
    ]);
    expect(presentExplanation(explanation, (clause) => clause.kind)).not.toHaveProperty("flag_rules");
  });
});

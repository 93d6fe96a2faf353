import type { ExplanationResponse, GateResponse } from "@lotty/contracts";
import { describe, expect, it } from "vitest";
import { renderExplanation } from "./render-explanation.ts";

const time = "2026-03-01T12:00:00Z";

const base: ExplanationResponse = {
  flag: "checkout",
  subject_id: "ada",
  revision: 4,
  at: time,
  reason: "experiment_assigned",
  value: "green",
  experiment_id: "e1",
  variant_id: "v1",
  kept: false,
  gates: [],
};

function render(gates: readonly GateResponse[], changes: Partial<ExplanationResponse> = {}): string {
  return renderExplanation({ ...base, ...changes, gates }, (_tone, text) => text);
}

describe("renderExplanation", () => {
  it("shows the outcome and every gate with what it looked at", () => {
    const text = render([
      { gate: "flag", verdict: "passed", flag_key: "checkout" },
      { gate: "experiment", verdict: "passed", experiment_id: "e1", experiment_key: "colours", status: "running" },
      {
        gate: "targeting",
        verdict: "passed",
        rule: "r",
        clauses: [
          { text: 'country == "DE"', path: ["country"], operator: "==", literals: [], actual: "DE", result: "true" },
          { text: "age > 3", path: ["age"], operator: ">", literals: [], result: "false" },
          { text: "a > 3", path: ["a"], operator: ">", literals: [], actual: "x", result: "error" },
          { text: "b == 1", path: ["b"], operator: "==", literals: [], result: "skipped" },
        ],
      },
      {
        gate: "participation",
        verdict: "passed",
        limit: 3,
        cooldown_days: 7,
        concurrent: [{ experiment_id: "e2", experiment_key: "other", status: "paused", last_decided_at: time }],
        cooling: [],
      },
      {
        gate: "conflict_domains",
        verdict: "passed",
        domains: [
          {
            domain_id: "d",
            domain_key: "page",
            passed: true,
            candidates: [
              {
                experiment_id: "e1",
                experiment_key: "colours",
                status: "running",
                priority: 2,
                eligible: true,
                tie_bucket: 5,
              },
              { experiment_id: "e3", experiment_key: "third", status: "paused", priority: 9, eligible: false },
            ],
            winner_experiment_id: "e1",
            won_by: "only_candidate",
          },
        ],
      },
      { gate: "allocation", verdict: "passed", bucket: 12, threshold: 8000, traffic_allocation: "80.00" },
      { gate: "variants", verdict: "passed", count: 2 },
      {
        gate: "variant",
        verdict: "passed",
        bucket: 77,
        total_weight: "100.00",
        ranges: [
          { variant_id: "v1", name: "green", weight: "50.00", up_to: "50.00" },
          { variant_id: "v2", name: "grey", weight: "50.00", up_to: "100.00" },
        ],
        variant_id: "v1",
        variant_name: "green",
        chosen_by: "range",
      },
    ]);
    expect(text).toBe(`checkout for ada: "green" (experiment_assigned)
configuration revision 4, 2026-03-01T12:00:00Z

  ✓ flag              checkout is known
  ✓ experiment        colours is running
  ✓ targeting         the rule takes the subject
                      ✓ country == "DE"   (country is "DE")
                      ✗ age > 3   (age is not given)
                      ! a > 3   (a is "x": cannot be compared)
                      · b == 1   (settled before)
  ✓ participation     in 1 other active experiment; fewer than 3 are allowed
                      in other (paused), last decided at 2026-03-01T12:00:00Z
  ✓ conflict domains  page
                      page: colours has the subject, because it is the only one that wants the subject
                        ✓ colours: priority 2, running, tie bucket 5
                        · third: priority 9, paused, does not want the subject
  ✓ traffic           80.00 % of the subjects take part; bucket 12 is below 8000
  ✓ variants          2 variants
  ✓ variant           green, bucket 77 of 10000
                      ✓ green: weight 50.00, up to 50.00 of 100.00
                      · grey: weight 50.00, up to 100.00 of 100.00`);
  });

  it("shows what stopped the subject, what would have to change, and what was not asked", () => {
    const text = render(
      [
        { gate: "flag", verdict: "passed", flag_key: "checkout" },
        {
          gate: "participation",
          verdict: "failed",
          change: "Wait.",
          limit: 3,
          cooldown_days: 7,
          concurrent: [],
          cooling: [
            { experiment_id: "e9", experiment_key: "old", status: "archived", last_decided_at: time, free_at: time },
          ],
        },
        { gate: "allocation", verdict: "not_reached" },
      ],
      { reason: "participation_limit", kept: true },
    );
    expect(text).toContain("kept from before");
    expect(text).toContain("✗ participation     in 0 other active experiments; fewer than 3 are allowed");
    expect(text).toContain("was in old (archived), last decided at 2026-03-01T12:00:00Z; free at 2026-03-01T12:00:00Z");
    expect(text).toContain("→ Wait.");
    expect(text).toContain("· traffic           not reached");
  });

  it("shows the rules of the flag, and what is inside of the segments that they name", () => {
    const inside = [
      { text: "vip EXISTS", path: ["vip"], operator: "EXISTS", literals: [], actual: true, result: "true" },
    ] as const;
    const asked = { text: 'IN SEGMENT "beta"', path: [], operator: "IN SEGMENT", literals: [] };
    const rule = { rule_id: "r", value: "gold", rollout: "25.50", threshold: 2_550, rule: "…" };
    const text = render(
      [
        { gate: "flag", verdict: "passed", flag_key: "checkout" },
        { gate: "experiment", verdict: "failed" },
      ],
      {
        reason: "no_active_experiment",
        flag_rules: [
          { ...rule, verdict: "not_meant", clauses: [{ ...asked, result: "false" }] },
          { ...rule, verdict: "outside_rollout", bucket: 9_000, clauses: [{ ...asked, result: "true", inside }] },
          { ...rule, verdict: "faulty", fault: "A value is missing.", clauses: [{ ...asked, result: "error" }] },
          { ...rule, verdict: "gave_value", bucket: 12, clauses: [] },
          { ...rule, verdict: "not_reached" },
        ],
      },
    );
    expect(text.slice(text.indexOf("  rules of the flag"))).toBe(`  rules of the flag
  ✗ rule 1            would give "gold", but does not take the subject
                      ✗ IN SEGMENT "beta"   (the subject is not in it)
  ✗ rule 2            would give "gold"; 25.50 % of those whom it takes, bucket 9000 is not below 2550
                      ✓ IN SEGMENT "beta"   (the subject is in it)
                        ✓ vip EXISTS   (vip is true)
  ✗ rule 3            cannot be used and is passed over: A value is missing.
                      ! IN SEGMENT "beta"   (the segment is missing, or its rule cannot be used)
  ✓ rule 4            gives "gold"; 25.50 % of those whom it takes, bucket 12 is below 2550
  · rule 5            not reached`);
  });

  it("says that a flag is disabled", () => {
    const text = render([{ gate: "flag", verdict: "failed", flag_key: "checkout", enabled: false }]);
    expect(text).toContain("✗ flag              checkout is disabled");
  });

  it("shows names and values without letting them steer the terminal", () => {
    expect(render([], { subject_id: "a\u001b[2J", value: "\u009b" })).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

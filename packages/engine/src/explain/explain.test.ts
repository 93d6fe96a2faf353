import { parseHundredths, type Configuration, type DecisionReason } from "@lotty/domain";
import {
  attributes as someAttributes,
  histories,
  parseGeneratedRule,
  ruledConfigurations,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf } from "../bucket.ts";
import { decide } from "../decide.ts";
import { compileSnapshot } from "../snapshot.ts";
import { explain } from "./explain.ts";
import type { Explanation, GateTrace } from "./explanation.ts";

/** The gate that gives each reason. */
const FAILING_GATE: Readonly<Record<DecisionReason, GateTrace["gate"] | null>> = {
  flag_not_found: "flag",
  flag_disabled: "flag",
  no_active_experiment: "experiment",
  targeting_mismatch: "targeting",
  participation_limit: "participation",
  domain_conflict: "conflict_domains",
  outside_traffic_allocation: "allocation",
  no_variants: "variants",
  experiment_assigned: null,
};

const cases = ruledConfigurations.chain((configuration) =>
  fc.record({
    configuration: fc.constant(configuration),
    history: histories(configuration),
    subjectId: fc.string({ maxLength: 8 }),
    attributes: someAttributes,
    flag: fc.constantFrom("unknown", ...configuration.flags.map((each) => each.key)),
  }),
);

function gateOf<G extends GateTrace["gate"]>(explanation: Explanation, gate: G): GateTrace & { readonly gate: G } {
  const found = explanation.gates.find((each): each is GateTrace & { readonly gate: G } => each.gate === gate);
  if (found === undefined) throw new Error(`The gate ${gate} is missing.`);
  return found;
}

describe("an explanation", () => {
  const seen = new Map<DecisionReason, number>();

  test("never contradicts the decision: the gate of its reason fails and no other", () => {
    fc.assert(
      fc.property(cases, ({ attributes, configuration, flag, history, subjectId }) => {
        const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
        const context = { subject: { id: subjectId, attributes }, history, now: TEST_NOW };
        const outcome = decide(snapshot, flag, context);
        const explanation = explain(snapshot, flag, context);
        expect(explanation).toMatchObject({ reason: outcome.reason, value: outcome.value, kept: outcome.kept });
        const failed = explanation.gates.filter((gate) => gate.verdict === "failed").map((gate) => gate.gate);
        const expected = FAILING_GATE[outcome.reason];
        expect(failed).toEqual(expected === null ? [] : [expected]);
        for (const gate of explanation.gates) expect(gate.change !== undefined).toBe(gate.verdict === "failed");
        const gave = explanation.flagRules.filter(({ verdict }) => verdict === "gave_value");
        expect(gave.map(({ ruleId }) => ruleId)).toEqual(outcome.flagRule === null ? [] : [outcome.flagRule.id]);
        expect(explanation.ruleId).toBe(outcome.flagRule?.id ?? null);
        if (outcome.flagRuleFault !== null) {
          expect(explanation.flagRules.some(({ verdict }) => verdict === "faulty")).toBe(true);
        }
        if (outcome.variant !== null) expect(gateOf(explanation, "variant").variantId).toBe(outcome.variant.id);
        seen.set(outcome.reason, (seen.get(outcome.reason) ?? 0) + 1);
      }),
      { numRuns: 1_500, seed: 20_261_122 },
    );
    expect([...seen.keys()].sort()).toEqual(Object.keys(FAILING_GATE).sort());
  });

  test("shows what is inside of the segment that a clause asks for, and the bucket of a rollout", () => {
    const [flag] = fc.sample(ruledConfigurations, 1)[0]?.flags ?? [];
    if (flag === undefined) throw new Error("Every configuration has a flag.");
    const rules = ['IN SEGMENT "outer"', 'IN SEGMENT "nowhere"', null, null].map((targetingRules, index) => ({
      id: `r-${index}`,
      targetingRules,
      value: index,
      rollout: index === 2 ? 0 : 10_000,
    }));
    const segment = { version: 1, updatedAt: 0 };
    const snapshot = compileSnapshot(
      {
        environmentId: "env",
        revision: 1,
        flags: [{ ...flag, enabled: true, rules: [...rules, ...rules.slice(3)] }],
        experiments: [],
        domains: [],
        segments: [
          { ...segment, id: "1", key: "germans", rule: 'country == "DE"' },
          { ...segment, id: "2", key: "outer", rule: 'IN SEGMENT "germans"' },
        ],
      },
      { parseRule: parseGeneratedRule },
    );
    const subject = { id: "ada", attributes: { country: "FR" } };
    const { flagRules } = explain(snapshot, flag.key, { subject, history: [], now: TEST_NOW });
    const germans = { clause: { kind: "comparison" }, actual: "FR", result: "false" };
    const outer = { clause: { key: "germans" }, result: "false", inside: [germans] };
    expect(flagRules).toMatchObject([
      { verdict: "not_meant", clauses: [{ clause: { key: "outer" }, result: "false", inside: [outer] }] },
      { verdict: "faulty", fault: expect.stringContaining("segment"), clauses: [{ result: "error" }] },
      { verdict: "outside_rollout", bucket: bucketOf("ada", "r-2", "rollout"), rollout: 0 },
      { verdict: "gave_value", bucket: bucketOf("ada", "r-3", "rollout"), value: 3 },
      { verdict: "not_reached" },
    ]);
  });

  test("names the smallest allocation that would take the subject", () => {
    let checked = 0;
    for (const { attributes, configuration, flag, history, subjectId } of fc.sample(cases, {
      numRuns: 1_500,
      seed: 7,
    })) {
      const context = { subject: { id: subjectId, attributes }, history, now: TEST_NOW };
      const reasonIn = (changed: Configuration): DecisionReason =>
        decide(compileSnapshot(changed, { parseRule: parseGeneratedRule }), flag, context).reason;
      const explanation = explain(compileSnapshot(configuration, { parseRule: parseGeneratedRule }), flag, context);
      if (explanation.reason !== "outside_traffic_allocation") continue;
      const needed = parseHundredths(/([\d.]+) %/.exec(gateOf(explanation, "allocation").change ?? "")?.[1] ?? "") ?? 0;
      const allocated = (trafficAllocation: number): Configuration => ({
        ...configuration,
        domains: [],
        experiments: configuration.experiments.map((experiment) =>
          experiment.id === explanation.experimentId ? { ...experiment, trafficAllocation } : experiment,
        ),
      });
      expect(reasonIn(allocated(needed))).not.toBe("outside_traffic_allocation");
      expect(reasonIn(allocated(needed - 1))).toBe("outside_traffic_allocation");
      checked += 1;
    }
    expect(checked).toBeGreaterThan(20);
  });

  test("tells when a cooldown ends, to the microsecond", () => {
    let checked = 0;
    for (const { attributes, configuration, flag, history, subjectId } of fc.sample(cases, {
      numRuns: 5_000,
      seed: 11,
    })) {
      const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
      const context = { subject: { id: subjectId, attributes }, history, now: TEST_NOW };
      const participation = gateOf(explain(snapshot, flag, context), "participation");
      if (participation.verdict !== "failed" || (participation.concurrent ?? []).length >= participation.limit)
        continue;
      const freeAt = Math.max(...(participation.cooling ?? []).map((each) => each.freeAt ?? Number.POSITIVE_INFINITY));
      expect(decide(snapshot, flag, { ...context, now: freeAt }).reason).not.toBe("participation_limit");
      expect(decide(snapshot, flag, { ...context, now: freeAt - 1 }).reason).toBe("participation_limit");
      checked += 1;
    }
    expect(checked).toBeGreaterThan(20);
  });
});

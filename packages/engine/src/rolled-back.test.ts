import { FULL_ALLOCATION, type Configuration, type Experiment, type JsonObject } from "@lotty/domain";
import { parseGeneratedRule } from "@lotty/testkit/generators/configuration";
import { describe, expect, it } from "vitest";
import { bucketOf } from "./bucket.ts";
import { explain } from "./explain/explain.ts";
import type { Explanation } from "./explain/explanation.ts";
import { decide } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import { compileSnapshot } from "./snapshot.ts";

const EXPERIMENT: Experiment = {
  id: "e-1",
  key: "experiment",
  flagId: "f-1",
  status: "paused",
  rolledBack: true,
  version: 2,
  updatedAt: 0,
  targetingRules: null,
  trafficAllocation: FULL_ALLOCATION,
  variants: [
    { id: "v-t", name: "a treatment", value: "new", weight: 5_000, isControl: false },
    { id: "v-c", name: "control", value: "old", weight: 5_000, isControl: true },
  ],
  hashVersion: 1,
  stickyAssignment: true,
};

function configurationOf(change: Partial<Experiment>, flag: { readonly enabled: boolean }): Configuration {
  const rules = [{ id: "r-1", targetingRules: null, value: "by rule", rollout: FULL_ALLOCATION }];
  const rest = { id: "f-1", key: "flag", valueType: "string", defaultValue: "off", version: 1, updatedAt: 0 } as const;
  const experiments = [{ ...EXPERIMENT, ...change }];
  return {
    environmentId: "env",
    revision: 1,
    flags: [{ ...rest, ...flag, rules }],
    experiments,
    domains: [],
    segments: [],
  };
}

interface Asked {
  readonly subjectId?: string;
  readonly attributes?: JsonObject;
  readonly enabled?: boolean;
}

function ask<T>(change: Partial<Experiment>, asked: Asked, how: (...args: Parameters<typeof decide>) => T): T {
  const { attributes = {}, enabled = true, subjectId = "ada" } = asked;
  const snapshot = compileSnapshot(configurationOf(change, { enabled }), { parseRule: parseGeneratedRule });
  // An assignment to the treatment, which must not show.
  const assigned = { experimentId: "e-1", variantId: "v-t", firstDecidedAt: 0, lastDecidedAt: 0 };
  return how(snapshot, "flag", { subject: { id: subjectId, attributes }, history: [assigned], now: 1 });
}

function outcomeOf(change: Partial<Experiment> = {}, asked: Asked = {}): Outcome {
  return ask(change, asked, decide);
}

function explanationOf(change: Partial<Experiment> = {}): Explanation {
  return ask(change, {}, explain);
}

describe("a rolled-back experiment", () => {
  it("gives control's value to those whom it would take, and assigns nobody", () => {
    expect(outcomeOf()).toMatchObject({
      reason: "no_active_experiment",
      value: "old",
      experiment: null,
      variant: null,
      flagRule: null,
      kept: false,
    });
  });

  it("leaves all others to the rules of the flag", () => {
    expect(outcomeOf({ trafficAllocation: 0 })).toMatchObject({ reason: "no_active_experiment", value: "by rule" });
    expect(outcomeOf({ targetingRules: "does not parse" })).toMatchObject({ value: "by rule" });
    expect(outcomeOf({}, { enabled: false })).toMatchObject({ reason: "flag_disabled", value: "off" });
  });

  it("draws the same bucket as the running experiment", () => {
    const bucket = bucketOf("ada", "e-1", "allocation");
    expect(outcomeOf({ trafficAllocation: bucket + 1 }).value).toBe("old");
    expect(outcomeOf({ trafficAllocation: bucket }).value).toBe("by rule");
  });

  it("is merely paused without a control, and once it is no longer rolled back", () => {
    const [treatment] = EXPERIMENT.variants;
    expect(outcomeOf({ variants: treatment === undefined ? [] : [treatment] }).value).toBe("by rule");
    const { rolledBack: _gone, ...paused } = EXPERIMENT;
    const snapshot = compileSnapshot(
      { ...configurationOf({}, { enabled: true }), experiments: [paused] },
      { parseRule: parseGeneratedRule },
    );
    const context = { subject: { id: "ada", attributes: {} }, history: [], now: 1 };
    expect(decide(snapshot, "flag", context).value).toBe("by rule");
  });

  it("brings everybody back to their variant when it is resumed", () => {
    expect(outcomeOf({ status: "running" })).toMatchObject({ value: "new", kept: true });
  });

  it("refuses a subject whose bucket it cannot draw, and no other", () => {
    const subjectId = "\uD800";
    expect(() => outcomeOf({ trafficAllocation: 5_000 }, { subjectId })).toThrow("lone surrogate");
    expect(outcomeOf({}, { subjectId }).value).toBe("old");
  });

  it("says so in the explanation", () => {
    const explanation = explanationOf();
    expect(explanation).toMatchObject({ value: "old", reason: "no_active_experiment" });
    expect(explanation.gates[1]).toMatchObject({ gate: "experiment", verdict: "failed", givesControl: true });
    expect(explanation.flagRules).toMatchObject([{ verdict: "not_reached" }]);
    expect(explanationOf({ trafficAllocation: 0 }).gates[1]).toMatchObject({ givesControl: false });
  });
});

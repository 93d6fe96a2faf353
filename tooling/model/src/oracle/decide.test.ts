import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  nextConfiguration,
  variantKey,
  type ModelConfiguration,
  type ModelExperiment,
  type ModelFlagRule,
} from "./configuration.ts";
import { bucket } from "./bucket.ts";
import { decide, type Asker, type Expected, type Holding } from "./decide.ts";

/** What the reference's hash gives, in percent; null for texts that it cannot encode. */
const HASHES = JSON.parse(
  readFileSync(new URL("../../../../packages/engine/vectors/hash_subject.json", import.meta.url), "utf8"),
) as { cases: { subject_id: string; experiment_id: string; salt: string; value: string | null }[] };

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const ASKER: Asker = { subject: "ada", attributes: {}, history: [], now: NOW };

function experiment(key: string, change: Partial<ModelExperiment> = {}): ModelExperiment {
  const variants = [{ name: "on", value: true, weight: 100 }];
  const rest = { rule: null, traffic: 10_000, sticky: false, rolledBack: false, variants };
  return { key, flag: key, status: "running", ...rest, ...change };
}

function configuration(experiments: readonly ModelExperiment[], domain: readonly string[] = []): ModelConfiguration {
  return nextConfiguration(undefined, {
    revision: 1,
    definitions: {
      flags: experiments.map(({ flag }) => ({ key: flag, type: "boolean", default: false })),
      experiments,
      segments: [],
      domains: [{ key: "d", members: domain.map((key) => ({ experiment: key, priority: 0 })) }],
    },
    ids: {
      experiments: new Map(experiments.map(({ key }) => [key, key])),
      variants: new Map(experiments.map(({ key }) => [variantKey(key, "on"), `${key}-on`])),
      domains: new Map([["d", "d"]]),
    },
  });
}

function held(experimentId: string, daysAgo = 0): Holding {
  const at = NOW - daysAgo * DAY;
  return { experimentId, variantId: `${experimentId}-on`, firstAt: at, lastAt: at };
}

function reason(
  experiments: readonly ModelExperiment[],
  asker: Partial<Asker> = {},
  domain: readonly string[] = [],
): string {
  return decide(configuration(experiments, domain), "a", { ...ASKER, ...asker }).reason;
}

describe("the model's decision", () => {
  it("draws the buckets that the reference draws", () => {
    for (const { experiment_id: of, salt, subject_id: subject, value } of HASHES.cases) {
      if (value === null) continue;
      expect(bucket(subject, of, salt)).toBe(Math.round(Number(value) * 100));
    }
    expect(HASHES.cases.length).toBeGreaterThan(1_000);
  });

  it("goes through the gates in their order", () => {
    const other = experiment("b");
    expect(reason([other])).toBe("flag_not_found");
    expect(reason([experiment("a", { status: "paused" })])).toBe("no_active_experiment");
    expect(reason([experiment("a", { rule: { kind: "exists", attribute: "x" } })])).toBe("targeting_mismatch");
    expect(reason([experiment("a", { traffic: 0 })])).toBe("outside_traffic_allocation");
    expect(reason([experiment("a", { variants: [] })])).toBe("no_variants");
    expect(reason([experiment("a")])).toBe("experiment_assigned");
  });

  it("lets nobody into a fourth active experiment", () => {
    const others = ["b", "c", "d"].map((key) => experiment(key, { status: "paused" }));
    const history = others.map(({ key }) => held(key));
    expect(reason([experiment("a"), ...others], { history })).toBe("participation_limit");
    expect(reason([experiment("a"), ...others], { history: history.slice(1) })).toBe("experiment_assigned");
  });

  it("lets a concluded experiment rest for seven days, the last instant included", () => {
    const done = experiment("b", { status: "completed" });
    expect(reason([experiment("a"), done], { history: [held("b", 7)] })).toBe("participation_limit");
    expect(reason([experiment("a"), done], { history: [held("b", 7.001)] })).toBe("experiment_assigned");
  });

  it("gives a domain to whoever holds it", () => {
    const both = [experiment("a"), experiment("b")];
    expect(reason(both, { history: [held("b")] }, ["a", "b"])).toBe("domain_conflict");
    expect(reason(both, { history: [held("b"), held("a", 1)] }, ["a", "b"])).toBe("experiment_assigned");
  });

  it("gives the control of a rolled-back experiment to whom it would take", () => {
    const variants = [{ name: "control", value: "was", weight: 100 }];
    const back = experiment("a", { status: "paused", rolledBack: true, variants });
    const of = (each: ModelExperiment): unknown => decide(configuration([each]), "a", ASKER);
    const expected = { reason: "no_active_experiment", experimentId: null, variantId: null, ruleId: null };
    expect(of(back)).toEqual({ ...expected, value: "was" });
    expect(of({ ...back, traffic: 0 })).toEqual({ ...expected, value: false });
    expect(of({ ...back, rule: { kind: "exists", attribute: "x" } })).toEqual({ ...expected, value: false });
    expect(of({ ...back, rolledBack: false })).toEqual({ ...expected, value: false });
  });

  it("gives the value of the first rule of the flag that means a subject and whose rollout takes it", () => {
    const rule = { id: "r", rule: null, value: "ruled", rollout: 10_000 };
    const of = (rules: readonly ModelFlagRule[], ...experiments: readonly ModelExperiment[]): Partial<Expected> => {
      const without = configuration([...experiments, experiment("b")]);
      const flags = [{ key: "a", type: "json" as const, default: "default", rules }];
      const given = decide({ ...without, definitions: { ...without.definitions, flags } }, "a", ASKER);
      return { reason: given.reason, value: given.value, ruleId: given.ruleId };
    };
    const ruled = { reason: "no_active_experiment", value: "ruled", ruleId: "r" };
    expect(of([rule])).toEqual(ruled);
    expect(of([{ ...rule, rollout: 0 }])).toEqual({ ...ruled, value: "default", ruleId: null });
    expect(of([{ ...rule, id: "before", rule: { kind: "exists", attribute: "x" } }, rule])).toEqual(ruled);
    expect(of([rule], experiment("a", { traffic: 0 }))).toEqual({ ...ruled, reason: "outside_traffic_allocation" });
    expect(of([rule], experiment("a"))).toMatchObject({ reason: "experiment_assigned", ruleId: null });
  });

  it("gives the control of a rolled-back experiment before it asks the rules", () => {
    const variants = [{ name: "control", value: "was", weight: 100 }];
    const back = configuration([experiment("a", { status: "paused", rolledBack: true, variants })]);
    const rules = [{ id: "r", rule: null, value: "ruled", rollout: 10_000 }];
    const flags = [{ key: "a", type: "json" as const, default: "default", rules }];
    const ruled = { ...back, definitions: { ...back.definitions, flags } };
    expect(decide(ruled, "a", ASKER)).toMatchObject({ value: "was", ruleId: null });
  });

  it("lets the kill switch go before everything, and treats the experiment as paused for others", () => {
    const both = [experiment("a", { sticky: true }), experiment("b")];
    const off = (key: string): ModelConfiguration => {
      const on = configuration(both, ["a", "b"]);
      const flags = on.definitions.flags.map((flag) => (flag.key === key ? { ...flag, enabled: false } : flag));
      return { ...on, definitions: { ...on.definitions, flags } };
    };
    const history = [held("a")];
    expect(decide(off("a"), "a", { ...ASKER, history })).toEqual({
      reason: "flag_disabled",
      value: false,
      experimentId: null,
      variantId: null,
      ruleId: null,
    });
    // It is no candidate of its domain any more, but holds whom it held.
    expect(decide(off("a"), "b", ASKER).reason).toBe("experiment_assigned");
    expect(decide(off("a"), "b", { ...ASKER, history }).reason).toBe("domain_conflict");
  });

  it("keeps a sticky subject where it is, whatever else there is", () => {
    const sticky = experiment("a", { sticky: true, traffic: 0 });
    expect(reason([sticky], { history: [held("a")] })).toBe("experiment_assigned");
    expect(reason([{ ...sticky, sticky: false }], { history: [held("a")] })).toBe("outside_traffic_allocation");
  });
});

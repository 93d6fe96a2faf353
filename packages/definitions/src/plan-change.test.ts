import { type Configuration, DEFAULT_ENVIRONMENT_ID, type Experiment, type Flag, isLottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import type { Definitions, ExperimentDefinition, FlagDefinition, FlagRuleDefinition } from "./definitions.ts";
import { planChange, type PlanOptions } from "./plan-change.ts";

const options: PlanOptions = { now: 500, newId: () => "new-id" };

const flag: Flag = {
  id: "f1",
  key: "colour",
  valueType: "string",
  defaultValue: "grey",
  enabled: true,
  rules: [
    { id: "r1", targetingRules: 'IN SEGMENT "beta"', value: "gold", rollout: 10_000 },
    { id: "r2", targetingRules: "vip EXISTS", value: "silver", rollout: 2_500 },
  ],
  version: 2,
  updatedAt: 100,
};

const experiment: Experiment = {
  id: "e1",
  key: "button",
  flagId: "f1",
  status: "running",
  version: 4,
  updatedAt: 100,
  targetingRules: null,
  trafficAllocation: 5_000,
  variants: [
    { id: "v1", name: "a", value: "red", weight: 100, isControl: true },
    { id: "v2", name: "b", value: "blue", weight: 100, isControl: false },
  ],
  hashVersion: 1,
  stickyAssignment: false,
};

const stored: Configuration = {
  environmentId: DEFAULT_ENVIRONMENT_ID,
  revision: 7,
  flags: [flag],
  experiments: [experiment],
  domains: [{ id: "d1", key: "page", members: [{ experimentId: "e1", priority: 1 }] }],
  segments: [{ id: "s1", key: "beta", rule: 'plan == "beta"', version: 3, updatedAt: 100 }],
};

const button: ExperimentDefinition = {
  key: "button",
  flag: "colour",
  status: "running",
  targeting: null,
  traffic: 5_000,
  sticky: false,
  rolledBack: false,
  variants: [
    { name: "a", value: "red", weight: 100, control: true },
    { name: "b", value: "blue", weight: 100, control: false },
  ],
  hypothesis: null,
  owner: null,
  plannedDays: null,
  description: null,
  started: null,
  completed: null,
  outcome: null,
  rampsTraffic: false,
  plan: null,
  guardrails: null,
  ramp: null,
};

const beta: FlagRuleDefinition = { id: null, if: 'IN SEGMENT "beta"', value: "gold", rollout: 10_000 };
const vips: FlagRuleDefinition = { id: null, if: "vip EXISTS", value: "silver", rollout: 2_500 };
const colour: FlagDefinition = {
  key: "colour",
  type: "string",
  default: "grey",
  enabled: true,
  rules: [beta, vips],
  description: null,
  owner: null,
  tags: [],
  schema: null,
  archived: false,
};

const file: Definitions = {
  flags: [colour],
  experiments: [button],
  domains: [{ key: "page", members: [{ experiment: "button", priority: 1 }] }],
  segments: [{ key: "beta", rule: 'plan == "beta"' }],
  approverGroups: [],
  eventTypes: [],
  metrics: [],
  notificationRules: [],
};

const nothingStated: Definitions = { ...file, flags: [], experiments: [], domains: [], segments: [] };

describe("planChange", () => {
  it("plans nothing when the file says what is stored", () => {
    expect(planChange(file, stored, options)).toEqual({ change: {}, said: {}, summary: [], empty: true });
  });

  it("adds what is new with new ids, version 1 and the time of the change", () => {
    const nothing = { ...stored, flags: [], experiments: [], domains: [], segments: [] };
    let count = 0;
    const { change, summary } = planChange(file, nothing, { now: 500, newId: () => `id-${count++}` });
    expect(change.putFlags).toEqual([
      {
        ...flag,
        id: "id-2",
        rules: flag.rules.map((rule, index) => ({ ...rule, id: `id-${index}` })),
        version: 1,
        updatedAt: 500,
      },
    ]);
    expect(change.putExperiments).toMatchObject([{ flagId: "id-2", version: 1, updatedAt: 500, hashVersion: 1 }]);
    const [added] = change.putExperiments ?? [];
    expect(change.putDomains).toMatchObject([{ members: [{ experimentId: added?.id, priority: 1 }] }]);
    expect(new Set([added?.id, ...(added?.variants.map(({ id }) => id) ?? [])]).size).toBe(3);
    expect(summary.map(({ kind, key, action }) => `${kind} ${key} ${action}`)).toEqual([
      "flag colour added",
      "experiment button added",
      "domain page added",
      "segment beta added",
    ]);
  });

  it("takes ids from the names where nothing was ever stored, so that a file decides the same everywhere", () => {
    const nothing: Configuration = { ...stored, revision: 0, flags: [], experiments: [], domains: [], segments: [] };
    const { change } = planChange(file, nothing, options);
    expect(change).toEqual(planChange(file, nothing, { ...options, newId: () => "another" }).change);
    const [addedFlag, added, page] = [change.putFlags?.[0], change.putExperiments?.[0], change.putDomains?.[0]];
    const ids = [addedFlag?.id, added?.id, page?.id, ...(added?.variants.map(({ id }) => id) ?? [])];
    expect(ids).toEqual([
      "0cd65755-8b90-5b7b-ae50-fc6ecbe217cd",
      "a6ada949-e131-5331-a5bd-d637731ba331",
      "f0292c27-0609-5412-b9e4-03317b9cae2c",
      "4df69132-3c8d-561a-b67b-d5209569bb30",
      "fb959348-9198-5684-9a62-d064059a84d7",
    ]);
    const elsewhere = planChange(file, { ...nothing, environmentId: "00000000-0000-7000-8000-000000000002" }, options);
    expect(elsewhere.change.putFlags?.[0]?.id).not.toBe(addedFlag?.id);
  });

  it("changes what differs and nothing else, keeping every id that hashes depend on", () => {
    const [first] = button.variants;
    if (first === undefined) throw new Error("the sample has variants");
    const third = { name: "c", value: "green", weight: 50, control: false };
    const changed = { ...button, traffic: 7_550, variants: [{ ...first, weight: 200 }, third] };
    const { change, summary } = planChange({ ...file, experiments: [changed] }, stored, options);
    expect(Object.keys(change)).toEqual(["putExperiments"]);
    expect(change.putExperiments).toEqual([
      {
        ...experiment,
        version: 5,
        updatedAt: 500,
        trafficAllocation: 7_550,
        variants: [
          { id: "v1", name: "a", value: "red", weight: 200, isControl: true },
          { id: "new-id", name: "c", value: "green", weight: 50, isControl: false },
        ],
      },
    ]);
    expect(summary).toEqual([
      {
        kind: "experiment",
        key: "button",
        action: "changed",
        fields: [
          { field: "traffic", from: "50.00", to: "75.50" },
          { field: "variants", from: ["a", "b"], to: ["a", "c"] },
          { field: "variants.a.weight", from: "1.00", to: "2.00" },
          { field: "variants.b.value", from: "blue", to: undefined },
          { field: "variants.b.weight", from: "1.00", to: undefined },
          { field: "variants.b.control", from: false, to: undefined },
          { field: "variants.c.value", from: undefined, to: "green" },
          { field: "variants.c.weight", from: undefined, to: "0.50" },
          { field: "variants.c.control", from: undefined, to: false },
        ],
      },
    ]);
  });

  it("counts a new order of variants as a change, because the last one is the fallback", () => {
    const turned = { ...button, variants: button.variants.toReversed() };
    expect(planChange({ ...file, experiments: [turned] }, stored, options).summary).toMatchObject([
      { fields: [{ field: "variants", from: ["a", "b"], to: ["b", "a"] }] },
    ]);
  });

  it("tells that an absent targeting rule is not a blank one, but names it only when it differs", () => {
    const blank = { ...button, targeting: "" };
    expect(planChange({ ...file, experiments: [blank] }, stored, options).summary).toMatchObject([
      { fields: [{ field: "targeting", from: null, to: "" }] },
    ]);
  });

  it("does not count another order of names in a JSON value or of members in a domain as a change", () => {
    const json = {
      ...stored,
      flags: [{ ...flag, valueType: "json", defaultValue: { a: 1, b: 2 } }],
      experiments: [{ ...experiment, variants: [] }],
    } as const;
    const wanted: Definitions = {
      ...file,
      flags: [{ ...colour, type: "json", default: { b: 2, a: 1 } }],
      experiments: [{ ...button, variants: [] }],
    };
    expect(planChange(wanted, json, options).empty).toBe(true);
  });

  it("keeps what the file does not state, and says so", () => {
    const plan = planChange(nothingStated, stored, options);
    expect(plan.empty).toBe(true);
    expect(plan.summary.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      "flag kept",
      "experiment kept",
      "domain kept",
      "segment kept",
    ]);
  });

  it("removes what the file does not state when asked to prune", () => {
    const plan = planChange(nothingStated, stored, { ...options, prune: true });
    expect(plan.change).toEqual({
      removeFlagIds: ["f1"],
      removeExperimentIds: ["e1"],
      removeDomainIds: ["d1"],
      removeSegmentIds: ["s1"],
    });
    expect(plan.summary.every(({ action }) => action === "removed")).toBe(true);
    expect(plan.empty).toBe(false);
  });

  describe("rules of a flag", () => {
    function idsAfter(rules: readonly FlagRuleDefinition[]): readonly string[] | undefined {
      const { change } = planChange({ ...file, flags: [{ ...colour, rules }] }, stored, options);
      return change.putFlags?.[0]?.rules.map(({ id }) => id);
    }

    it("keep their ids when they move, and when only their rollout, value or condition changes", () => {
      expect(idsAfter([vips, beta])).toEqual(["r2", "r1"]);
      expect(idsAfter([{ ...beta, rollout: 1 }, vips])).toEqual(["r1", "r2"]);
      expect(idsAfter([vips, { ...beta, value: "platinum" }])).toEqual(["r2", "r1"]);
      expect(idsAfter([{ ...vips, if: "vip == TRUE" }])).toEqual(["r2"]);
    });

    it("are new ones otherwise", () => {
      const other: FlagRuleDefinition = { id: null, if: "age > 65", value: "bronze", rollout: 10_000 };
      expect(idsAfter([other, beta, vips])).toEqual(["new-id", "r1", "r2"]);
    });

    it("have the ids that the file states", () => {
      expect(idsAfter([{ ...beta, id: "r2" }, vips])).toEqual(["r2", "new-id"]);
    });

    it("are compared place by place", () => {
      const { summary } = planChange({ ...file, flags: [{ ...colour, rules: [vips] }] }, stored, options);
      expect(summary).toMatchObject([
        {
          key: "colour",
          fields: [
            { field: "rules.1.if", from: 'IN SEGMENT "beta"', to: "vip EXISTS" },
            { field: "rules.1.value", from: "gold", to: "silver" },
            { field: "rules.1.rollout", from: "100.00", to: "25.00" },
            { field: "rules.1.id", from: "r1", to: "r2" },
            { field: "rules.2.if", to: undefined },
            { field: "rules.2.value", to: undefined },
            { field: "rules.2.rollout", to: undefined },
            { field: "rules.2.id", to: undefined },
          ],
        },
      ]);
    });
  });

  it("turns a flag off and keeps everything else of it", () => {
    const { change, summary } = planChange({ ...file, flags: [{ ...colour, enabled: false }] }, stored, options);
    expect(change).toEqual({ putFlags: [{ ...flag, enabled: false, version: 3, updatedAt: 500 }] });
    expect(summary).toMatchObject([{ fields: [{ field: "enabled", from: true, to: false }] }]);
  });

  it("gives a segment that changes its next version", () => {
    const { change } = planChange({ ...file, segments: [{ key: "beta", rule: "vip EXISTS" }] }, stored, options);
    expect(change).toEqual({
      putSegments: [{ id: "s1", key: "beta", rule: "vip EXISTS", version: 4, updatedAt: 500 }],
    });
  });

  it("refuses segments that make a circle with one that is kept though the file does not state it", () => {
    const other = { id: "s2", key: "other", rule: 'IN SEGMENT "beta"', version: 1, updatedAt: 0 };
    const before = { ...stored, segments: [...stored.segments, other] };
    const circular: Definitions = { ...file, segments: [{ key: "beta", rule: 'IN SEGMENT "other"' }] };
    expect(codeOf(() => planChange(circular, before, options))).toBe("invalid_definition");
    expect(planChange(circular, before, { ...options, prune: true }).change.removeSegmentIds).toEqual(["s2"]);
  });

  it("refuses a second active experiment on a flag whose kept experiment the file does not state", () => {
    const rival: Definitions = { ...file, experiments: [{ ...button, key: "rival" }], domains: [], segments: [] };
    expect(codeOf(() => planChange(rival, stored, options))).toBe("invalid_definition");
    expect(planChange(rival, stored, { ...options, prune: true }).change.removeExperimentIds).toEqual(["e1"]);
    const over = { ...stored, experiments: [{ ...experiment, status: "completed" as const }] };
    expect(planChange(rival, over, options).change.putExperiments).toHaveLength(1);
  });

  it("refuses another type for a flag whose kept experiment has variants of the old type", () => {
    const retyped: Definitions = {
      ...nothingStated,
      flags: [{ ...colour, type: "number", default: 1, rules: [] }],
    };
    expect(codeOf(() => planChange(retyped, stored, options))).toBe("invalid_definition");
  });
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return isLottyError(error) ? error.code : String(error);
  }
  return undefined;
}

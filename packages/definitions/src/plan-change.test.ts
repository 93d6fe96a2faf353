import { type Configuration, DEFAULT_ENVIRONMENT_ID, type Experiment, isLottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import type { Definitions, ExperimentDefinition } from "./definitions.ts";
import { planChange, type PlanOptions } from "./plan-change.ts";

const options: PlanOptions = { now: 500, newId: () => "new-id" };

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
  flags: [{ id: "f1", key: "colour", valueType: "string", defaultValue: "grey", version: 2, updatedAt: 100 }],
  experiments: [experiment],
  domains: [{ id: "d1", key: "page", members: [{ experimentId: "e1", priority: 1 }] }],
};

const button: ExperimentDefinition = {
  key: "button",
  flag: "colour",
  status: "running",
  targeting: null,
  traffic: 5_000,
  sticky: false,
  variants: [
    { name: "a", value: "red", weight: 100, control: true },
    { name: "b", value: "blue", weight: 100, control: false },
  ],
};

const file: Definitions = {
  flags: [{ key: "colour", type: "string", default: "grey" }],
  experiments: [button],
  domains: [{ key: "page", members: [{ experiment: "button", priority: 1 }] }],
};

describe("planChange", () => {
  it("plans nothing when the file says what is stored", () => {
    expect(planChange(file, stored, options)).toEqual({ change: {}, summary: [], empty: true });
  });

  it("adds what is new with new ids, version 1 and the time of the change", () => {
    const nothing = { ...stored, flags: [], experiments: [], domains: [] };
    let count = 0;
    const { change, summary } = planChange(file, nothing, { now: 500, newId: () => `id-${count++}` });
    expect(change.putFlags).toEqual([
      { id: "id-0", key: "colour", valueType: "string", defaultValue: "grey", version: 1, updatedAt: 500 },
    ]);
    expect(change.putExperiments).toMatchObject([{ flagId: "id-0", version: 1, updatedAt: 500, hashVersion: 1 }]);
    const [added] = change.putExperiments ?? [];
    expect(change.putDomains).toMatchObject([{ members: [{ experimentId: added?.id, priority: 1 }] }]);
    expect(new Set([added?.id, ...(added?.variants.map(({ id }) => id) ?? [])]).size).toBe(3);
    expect(summary.map(({ kind, key, action }) => `${kind} ${key} ${action}`)).toEqual([
      "flag colour added",
      "experiment button added",
      "domain page added",
    ]);
  });

  it("takes ids from the names where nothing was ever stored, so that a file decides the same everywhere", () => {
    const nothing: Configuration = { ...stored, revision: 0, flags: [], experiments: [], domains: [] };
    const { change } = planChange(file, nothing, options);
    expect(change).toEqual(planChange(file, nothing, { ...options, newId: () => "another" }).change);
    const [flag, added, page] = [change.putFlags?.[0], change.putExperiments?.[0], change.putDomains?.[0]];
    const ids = [flag?.id, added?.id, page?.id, ...(added?.variants.map(({ id }) => id) ?? [])];
    expect(ids).toEqual([
      "0cd65755-8b90-5b7b-ae50-fc6ecbe217cd",
      "a6ada949-e131-5331-a5bd-d637731ba331",
      "f0292c27-0609-5412-b9e4-03317b9cae2c",
      "4df69132-3c8d-561a-b67b-d5209569bb30",
      "fb959348-9198-5684-9a62-d064059a84d7",
    ]);
    const elsewhere = planChange(file, { ...nothing, environmentId: "00000000-0000-7000-8000-000000000002" }, options);
    expect(elsewhere.change.putFlags?.[0]?.id).not.toBe(flag?.id);
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
      flags: [
        {
          ...stored.flags[0],
          id: "f1",
          key: "colour",
          valueType: "json",
          defaultValue: { a: 1, b: 2 },
          version: 2,
          updatedAt: 1,
        },
      ],
      experiments: [{ ...experiment, variants: [] }],
    } as const;
    const wanted: Definitions = {
      flags: [{ key: "colour", type: "json", default: { b: 2, a: 1 } }],
      experiments: [{ ...button, variants: [] }],
      domains: file.domains,
    };
    expect(planChange(wanted, json, options).empty).toBe(true);
  });

  it("keeps what the file does not state, and says so", () => {
    const plan = planChange({ flags: [], experiments: [], domains: [] }, stored, options);
    expect(plan.empty).toBe(true);
    expect(plan.summary.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      "flag kept",
      "experiment kept",
      "domain kept",
    ]);
  });

  it("removes what the file does not state when asked to prune", () => {
    const plan = planChange({ flags: [], experiments: [], domains: [] }, stored, { ...options, prune: true });
    expect(plan.change).toEqual({ removeFlagIds: ["f1"], removeExperimentIds: ["e1"], removeDomainIds: ["d1"] });
    expect(plan.summary.every(({ action }) => action === "removed")).toBe(true);
    expect(plan.empty).toBe(false);
  });

  it("refuses a second active experiment on a flag whose kept experiment the file does not state", () => {
    const rival: Definitions = { ...file, experiments: [{ ...button, key: "rival" }], domains: [] };
    expect(codeOf(() => planChange(rival, stored, options))).toBe("invalid_definition");
    expect(planChange(rival, stored, { ...options, prune: true }).change.removeExperimentIds).toEqual(["e1"]);
    const over = { ...stored, experiments: [{ ...experiment, status: "completed" as const }] };
    expect(planChange(rival, over, options).change.putExperiments).toHaveLength(1);
  });

  it("refuses another type for a flag whose kept experiment has variants of the old type", () => {
    const retyped: Definitions = {
      flags: [{ key: "colour", type: "number", default: 1 }],
      experiments: [],
      domains: [],
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

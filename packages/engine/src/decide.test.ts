import { FULL_ALLOCATION, type Configuration, type Experiment, type SubjectHistory } from "@lotty/domain";
import {
  attributes as someAttributes,
  configurations,
  histories,
  parseGeneratedRule,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf } from "./bucket.ts";
import { decide } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import { compileSnapshot, type Snapshot } from "./snapshot.ts";

const worlds = configurations.chain((configuration) =>
  fc.record({
    configuration: fc.constant(configuration),
    history: histories(configuration),
    subjectId: fc.string({ unit: "grapheme", maxLength: 20 }),
    attributes: someAttributes,
  }),
);

function compile(configuration: Configuration): Snapshot {
  return compileSnapshot(configuration, { parseRule: parseGeneratedRule });
}

function flagKeys(configuration: Configuration): readonly string[] {
  return configuration.flags.map((flag) => flag.key);
}

describe("deciding", () => {
  test("gives a variant's value exactly when the subject is assigned, else control's after a rollback or the flag's default", () => {
    fc.assert(
      fc.property(worlds, ({ attributes, configuration, history, subjectId }) => {
        const snapshot = compile(configuration);
        for (const key of flagKeys(configuration)) {
          const outcome = decide(snapshot, key, { subject: { id: subjectId, attributes }, history, now: TEST_NOW });
          const assigned = outcome.reason === "experiment_assigned";
          expect(outcome.variant !== null).toBe(assigned);
          const control = outcome.rolledBack?.variants.find(({ isControl }) => isControl);
          expect(outcome.value).toBe((outcome.variant ?? control)?.value ?? "default");
          if (outcome.rolledBack !== null) expect(outcome.reason).toBe("no_active_experiment");
          if (outcome.experiment !== null) expect(outcome.experiment.status).toBe("running");
        }
      }),
    );
  });

  test("keeps everyone who takes part when the traffic allocation grows", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }), (subjectId, a, b) => {
        fc.pre(subjectId.isWellFormed());
        const at = (trafficAllocation: number): Outcome =>
          decide(compile(oneExperiment({ trafficAllocation })), "flag", subjectNamed(subjectId));
        const smaller = at(Math.min(a, b));
        const larger = at(Math.max(a, b));
        if (smaller.reason === "experiment_assigned") expect(larger.variant?.name).toBe(smaller.variant?.name);
      }),
    );
  });

  test("draws no bucket where it has no say, with the outcome that the bucket would have given", () => {
    for (let index = 0; index < 500; index += 1) {
      const subjectId = `subject-${index}`;
      const experiment = oneExperiment({}).experiments[0];
      const bucket = bucketOf(subjectId, experiment?.id ?? "", "variant");
      const full = decide(compile(oneExperiment({})), "flag", subjectNamed(subjectId));
      expect(full.variant?.name).toBe(bucket < 5_000 ? "control" : "treatment");
      const nobody = decide(compile(oneExperiment({ trafficAllocation: 0 })), "flag", subjectNamed(subjectId));
      expect(nobody.reason).toBe("outside_traffic_allocation");
    }
  });

  test("lays variants out by code points of their names, not in stored order", () => {
    const variants = [variant("z", 5_000), variant("Z", 5_000)];
    const snapshot = compile(oneExperiment({ variants }));
    const names = new Set<string>();
    for (let index = 0; index < 200; index += 1) {
      const subjectId = `s${index}`;
      const outcome = decide(snapshot, "flag", subjectNamed(subjectId));
      const bucket = bucketOf(subjectId, "e-1", "variant");
      expect(outcome.variant?.name).toBe(bucket < 5_000 ? "Z" : "z");
      names.add(outcome.variant?.name ?? "");
    }
    expect(names.size).toBe(2);
  });

  test("falls back to the last variant as stored when no weight is left", () => {
    const variants = [variant("b", 0), variant("a", 0)];
    expect(decide(compile(oneExperiment({ variants })), "flag", subjectNamed("u")).variant?.name).toBe("a");
  });

  test("refuses a subject id that has no UTF-8 form", () => {
    expect(() => decide(compile(oneExperiment({})), "flag", subjectNamed("\ud800"))).toThrow(/surrogate/);
  });

  test("takes the compiled rules of an earlier snapshot over where the text is the same", () => {
    let parses = 0;
    const parseRule: typeof parseGeneratedRule = (text) => {
      parses += 1;
      return parseGeneratedRule(text);
    };
    const first = compileSnapshot(oneExperiment({ targetingRules: 'country == "DE"' }), { parseRule });
    compileSnapshot(oneExperiment({ targetingRules: 'country == "DE"', version: 2 }), { parseRule, previous: first });
    expect(parses).toBe(1);
    compileSnapshot(oneExperiment({ targetingRules: "country ==" }), { parseRule, previous: first });
    expect(parses).toBe(2);
  });
});

describe("a sticky experiment", () => {
  const assigned: SubjectHistory = [
    { experimentId: "e-1", variantId: "v-control", firstDecidedAt: TEST_NOW - 10, lastDecidedAt: TEST_NOW - 10 },
  ];

  test.each<[string, Partial<Experiment>]>([
    ["targeting", { targetingRules: 'country == "DE"' }],
    ["a rule with a fault", { targetingRules: "country ==" }],
    ["allocation", { trafficAllocation: 0 }],
    ["weights", { variants: [variant("control", 0), variant("treatment", 10_000)] }],
  ])("keeps the variant of an assigned subject whatever changes: %s", (_, change) => {
    const snapshot = compile(oneExperiment({ ...change, stickyAssignment: true }));
    const outcome = decide(snapshot, "flag", subjectNamed("u", assigned));
    expect(outcome).toMatchObject({ reason: "experiment_assigned", variant: { name: "control" }, kept: true });
    const loose = decide(
      compile(oneExperiment({ ...change, stickyAssignment: false })),
      "flag",
      subjectNamed("u", assigned),
    );
    expect(loose.variant?.name).not.toBe("control");
  });

  test("draws again when the kept variant is gone", () => {
    const snapshot = compile(oneExperiment({ stickyAssignment: true, variants: [variant("new", 100)] }));
    expect(decide(snapshot, "flag", subjectNamed("u", assigned))).toMatchObject({
      kept: false,
      variant: { name: "new" },
    });
  });

  test("keeps nobody while it is paused", () => {
    const snapshot = compile(oneExperiment({ stickyAssignment: true, status: "paused" }));
    expect(decide(snapshot, "flag", subjectNamed("u", assigned)).reason).toBe("no_active_experiment");
  });
});

function subjectNamed(
  id: string,
  history: SubjectHistory = [],
): { subject: { id: string; attributes: Record<string, never> }; history: SubjectHistory; now: number } {
  return { subject: { id, attributes: {} }, history, now: TEST_NOW };
}

function variant(name: string, weight: number): Experiment["variants"][number] {
  return { id: `v-${name}`, name, value: name, weight, isControl: name === "control" };
}

function oneExperiment(change: Partial<Experiment>): Configuration {
  const experiment: Experiment = {
    id: "e-1",
    key: "experiment",
    flagId: "f-1",
    status: "running",
    version: 1,
    updatedAt: 0,
    targetingRules: null,
    trafficAllocation: FULL_ALLOCATION,
    variants: [variant("control", 5_000), variant("treatment", 5_000)],
    hashVersion: 1,
    stickyAssignment: false,
    ...change,
  };
  return {
    environmentId: "env",
    revision: 1,
    flags: [
      {
        id: "f-1",
        key: "flag",
        valueType: "string",
        defaultValue: "off",
        enabled: true,
        rules: [],
        version: 1,
        updatedAt: 0,
      },
    ],
    experiments: [experiment],
    domains: [],
    segments: [],
  };
}

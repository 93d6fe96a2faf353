import type { Configuration, Flag, FlagRule, Subject, SubjectHistory } from "@lotty/domain";
import {
  attributes as someAttributes,
  histories,
  parseGeneratedRule,
  ruledConfigurations,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SubjectInContext } from "./assign.ts";
import { bucketOf } from "./bucket.ts";
import { decide } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import { evaluateRule } from "./rules/compile-rule.ts";
import { compileSnapshot, type Snapshot } from "./snapshot.ts";

const worlds = ruledConfigurations.chain((configuration) =>
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

/** The same flags without what this is about. */
function withoutRules(configuration: Configuration): Configuration {
  return { ...configuration, flags: configuration.flags.map((flag) => ({ ...flag, rules: [] })) };
}

/** The rule that gives the value by docs/decision-semantics.md, found plainly. */
function firstRuleFor(flag: Flag, subject: Subject, snapshot: Snapshot): FlagRule | null {
  const compiled = snapshot.flags.get(flag.key)?.rules?.rules ?? [];
  for (const { rule, targeting } of compiled) {
    if ("fault" in targeting || evaluateRule(targeting, subject.attributes) !== "true") continue;
    if (bucketOf(subject.id, rule.id, "rollout") < rule.rollout) return rule;
  }
  return null;
}

describe("rules of a flag", () => {
  test("give the value where no experiment does, and change nothing else", () => {
    let byRule = 0;
    fc.assert(
      fc.property(worlds, ({ attributes, configuration, history, subjectId }) => {
        const snapshot = compile(configuration);
        const plain = compile(withoutRules(configuration));
        const context = { subject: { id: subjectId, attributes }, history, now: TEST_NOW };
        for (const flag of configuration.flags) {
          const outcome = decide(snapshot, flag.key, context);
          const before = decide(plain, flag.key, context);
          expect(outcome.reason).toBe(before.reason);
          expect(outcome.experiment).toEqual(before.experiment);
          expect(outcome.variant).toEqual(before.variant);
          expect(outcome.ruleFault).toBe(before.ruleFault);
          const isOpen = outcome.variant === null && outcome.rolledBack === null && flag.enabled;
          const rule = isOpen ? firstRuleFor(flag, context.subject, snapshot) : null;
          expect(outcome.flagRule).toBe(rule);
          expect(outcome.value).toEqual(rule === null ? before.value : rule.value);
          if (rule !== null) byRule += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(byRule).toBeGreaterThan(50);
  });

  test("keep everyone who has the value when the rollout grows", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }), (id, a, b) => {
        const at = (rollout: number): Outcome => decideFor([{ ...ALL, rollout }], id);
        if (at(Math.min(a, b)).flagRule !== null) expect(at(Math.max(a, b)).value).toBe(ALL.value);
      }),
    );
  });

  test("take the share that they say, and draw it by their own id wherever they stand", () => {
    const half = { ...ALL, rollout: 5_000 };
    let taken = 0;
    for (let index = 0; index < 2_000; index += 1) {
      const id = `subject-${index}`;
      const isIn = bucketOf(id, ALL.id, "rollout") < 5_000;
      expect(decideFor([half], id).flagRule?.id).toBe(isIn ? ALL.id : undefined);
      const behind = decideFor([{ ...half, id: "r-other", rollout: 0 }, half], id);
      expect(behind.flagRule?.id).toBe(isIn ? ALL.id : undefined);
      if (isIn) taken += 1;
    }
    expect(taken / 2_000).toBeCloseTo(0.5, 1);
  });

  test("leave a subject that a rollout does not take to the next rule", () => {
    const next = { ...ALL, id: "r-2", value: "next" };
    expect(decideFor([{ ...ALL, rollout: 0 }, next], "u").value).toBe("next");
  });

  test("are passed over when they cannot be used, which the outcome tells", () => {
    const unreadable = { ...ALL, id: "r-2", targetingRules: "country ==" };
    const failing = { ...ALL, id: "r-3", targetingRules: 'age > "x"' };
    expect(decideFor([unreadable, ALL], "u")).toMatchObject({ flagRule: { id: ALL.id }, flagRuleFault: "parse" });
    expect(decideFor([failing], "u")).toMatchObject({ value: "off", flagRule: null, flagRuleFault: "evaluation" });
    expect(decideFor([ALL, unreadable], "u").flagRuleFault).toBeNull();
  });

  test("have outcomes that are made once and shared", () => {
    const snapshot = compile(oneFlag({ rules: [ALL] }));
    const [one, two] = ["a", "b"].map((id) => decide(snapshot, "flag", subjectNamed(id)));
    expect(one).toBe(two);
    expect(Object.isFrozen(one)).toBe(true);
  });

  test("refuse a subject id that has no UTF-8 form only where a rollout is drawn", () => {
    expect(() => decideFor([{ ...ALL, rollout: 5_000 }], "\ud800")).toThrow(/surrogate/);
    expect(decideFor([ALL], "\ud800").value).toBe(ALL.value);
  });
});

describe("a disabled flag", () => {
  test("gives everyone the default value, before experiments and rules have a say", () => {
    fc.assert(
      fc.property(worlds, ({ attributes, configuration, history, subjectId }) => {
        const flags = configuration.flags.map((flag) => ({ ...flag, enabled: false }));
        const snapshot = compile({ ...configuration, flags });
        for (const { key } of flags) {
          const outcome = decide(snapshot, key, { subject: { id: subjectId, attributes }, history, now: TEST_NOW });
          expect(outcome).toMatchObject({
            reason: "flag_disabled",
            value: "default",
            experiment: null,
            flagRule: null,
          });
        }
      }),
    );
  });

  test("leaves the subjects of a conflict domain to the other members, but for those that its experiment holds", () => {
    const held = [{ experimentId: "e-1", variantId: "v", firstDecidedAt: 1, lastDecidedAt: TEST_NOW }];
    const reasonOf = (enabled: boolean, history: SubjectHistory): string =>
      decide(compile(twoInDomain(enabled)), "flag-2", { ...subjectNamed("u"), history }).reason;
    expect(reasonOf(true, [])).toBe("domain_conflict");
    expect(reasonOf(false, [])).toBe("experiment_assigned");
    expect(reasonOf(false, held)).toBe("domain_conflict");
  });
});

const ALL: FlagRule = { id: "r-1", targetingRules: null, value: "on", rollout: 10_000 };

function decideFor(rules: readonly FlagRule[], id: string): Outcome {
  return decide(compile(oneFlag({ rules })), "flag", subjectNamed(id));
}

function subjectNamed(id: string): SubjectInContext {
  return { subject: { id, attributes: { country: "DE", age: 30 } }, history: [], now: TEST_NOW };
}

function flagNamed(key: string, change: Partial<Flag>): Flag {
  return {
    id: key,
    key,
    valueType: "string",
    defaultValue: "off",
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: 0,
    ...change,
  };
}

function oneFlag(change: Partial<Flag>): Configuration {
  return {
    environmentId: "env",
    revision: 1,
    flags: [flagNamed("flag", change)],
    experiments: [],
    domains: [],
    segments: [],
  };
}

/** Two running experiments for everyone in a domain that prefers the first, on whose flag it depends. */
function twoInDomain(enabled: boolean): Configuration {
  const experiments = [1, 2].map((number) => ({
    id: `e-${number}`,
    key: `experiment-${number}`,
    flagId: `flag-${number}`,
    status: "running" as const,
    version: 1,
    updatedAt: 0,
    targetingRules: null,
    trafficAllocation: 10_000,
    variants: [{ id: "v", name: "v", value: "v", weight: 100, isControl: true }],
    hashVersion: 1 as const,
    stickyAssignment: false,
  }));
  return {
    ...oneFlag({}),
    flags: [flagNamed("flag-1", { enabled }), flagNamed("flag-2", {})],
    experiments,
    domains: [
      {
        id: "d",
        key: "d",
        members: [
          { experimentId: "e-1", priority: 2 },
          { experimentId: "e-2", priority: 1 },
        ],
      },
    ],
  };
}

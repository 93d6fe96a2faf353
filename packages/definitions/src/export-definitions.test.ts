import {
  type ApproverGroup,
  compareCodePoints,
  type Configuration,
  DEFAULT_ENVIRONMENT_ID,
  EXPERIMENT_STATUSES,
  type Experiment,
  type ExperimentDetails,
  type Flag,
  type FlagDetails,
  FLAG_VALUE_TYPES,
  type FlagValueType,
  isActive,
  type JsonValue,
  type Segment,
} from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportDefinitions } from "./export-definitions.ts";
import { planChange } from "./plan-change.ts";
import { readDefinitions } from "./read-definitions.ts";
import { NOTHING_SAID, type Said } from "./said.ts";
import { measuresOf, notificationsOf, WEBHOOKS } from "./testing/measures-generator.ts";

const storable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();
const text = fc.oneof(
  fc.string({ unit: "binary" }).filter(storable),
  fc.string(),
  fc.string({ unit: fc.constantFrom(..." \n\t-#:ab'\"") }),
  fc.constantFrom(
    "",
    "yes",
    "1.0",
    "null",
    "~",
    "a: b",
    "a #b",
    "- x",
    " lead\n trail \n\n",
    "\r\n",
    "2026-01-01",
    "0x1f",
  ),
);
const key = fc.oneof(text, fc.stringMatching(/^[a-z_-]{1,12}$/)).filter((candidate) => candidate.trim() !== "");
/** Microseconds from 1970 to beyond 2090. */
const instant = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
const rule = fc.constantFrom(
  null,
  "",
  'country == "DE"',
  "a EXISTS\n  AND NOT b IN [1, 2]\n",
  "# who pays\nplan == 'pro' OR (a.b >= 1.50)",
);

function json(): fc.Arbitrary<JsonValue> {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(text, fc.boolean(), fc.constant(null), number()),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(text, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  return value;
}

function number(): fc.Arbitrary<number> {
  // No store has -0: JSON cannot tell it from 0.
  return fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()).map((value) => value + 0);
}

function valueOf(type: FlagValueType): fc.Arbitrary<JsonValue> {
  if (type === "boolean") return fc.boolean();
  if (type === "string") return text;
  return type === "number" ? number() : json();
}

const flag: fc.Arbitrary<Flag> = fc.constantFrom(...FLAG_VALUE_TYPES).chain((valueType) =>
  fc.record({
    id: fc.uuid(),
    key,
    valueType: fc.constant(valueType),
    defaultValue: valueOf(valueType),
    enabled: fc.boolean(),
    rules: fc.array(
      fc.record({
        id: fc.uuid(),
        targetingRules: rule,
        value: valueOf(valueType),
        rollout: fc.integer({ min: 0, max: 10_000 }),
      }),
      { maxLength: 3 },
    ),
    version: fc.integer({ min: 1, max: 9 }),
    updatedAt: fc.constant(0),
  }),
);

function experimentOn(target: Flag): fc.Arbitrary<Experiment> {
  const variant = fc.record({
    id: fc.uuid(),
    name: key,
    value: valueOf(target.valueType),
    weight: fc.integer({ min: 1, max: 100_000_000 }),
    isControl: fc.constant(false),
  });
  const fields = fc.record({
    id: fc.uuid(),
    key,
    flagId: fc.constant(target.id),
    status: fc.constantFrom(...EXPERIMENT_STATUSES),
    version: fc.integer({ min: 1, max: 9 }),
    updatedAt: fc.constant(0),
    targetingRules: rule,
    trafficAllocation: fc.integer({ min: 0, max: 10_000 }),
    variants: fc.uniqueArray(variant, { maxLength: 4, selector: ({ name }) => name }),
    hashVersion: fc.constant(1 as const),
    stickyAssignment: fc.boolean(),
  });
  return fc
    .tuple(fields, fc.boolean())
    .map(([experiment, back]): Experiment =>
      back && experiment.status === "paused" ? { ...experiment, rolledBack: true } : experiment,
    );
}

const segments: fc.Arbitrary<readonly Segment[]> = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    key,
    rule: rule.map((given) => given || "vip EXISTS"),
    version: fc.constant(1),
    updatedAt: fc.constant(0),
  }),
  { maxLength: 3, selector: (segment) => segment.key },
);

const configuration: fc.Arbitrary<Configuration> = fc
  .uniqueArray(flag, { minLength: 1, maxLength: 4, selector: (candidate) => candidate.key })
  .chain((flags) =>
    fc
      .uniqueArray(fc.constantFrom(...flags).chain(experimentOn), {
        maxLength: 5,
        selector: (candidate) => candidate.key,
      })
      .chain((experiments) => {
        const members = fc
          .uniqueArray(fc.constantFrom(...experiments.map(({ id }) => id), ""), { maxLength: 3 })
          .map((chosen) =>
            chosen.filter((id) => id !== "").map((experimentId, priority) => ({ experimentId, priority })),
          );
        const domain = fc.record({ id: fc.uuid(), key, members });
        const domains = fc.uniqueArray(domain, { maxLength: 2, selector: (candidate) => candidate.key });
        return fc.tuple(domains, segments).map(([all, named]) => ({
          environmentId: DEFAULT_ENVIRONMENT_ID,
          revision: 3,
          flags,
          experiments: withOneActivePerFlag(experiments),
          domains: all,
          segments: named,
        }));
      }),
  );

/** Texts that a database takes. */
const kept = text.filter((candidate) => storable(candidate));

const PEOPLE: ReadonlyMap<string, string> = new Map(
  ["ann", "bob", "eve", "null", "1.0"].map((name, index) => [ids(index)(), name]),
);

/** People whom the store knows, and one who is gone. */
const people = fc.uniqueArray(fc.constantFrom(...PEOPLE.keys(), "0b9e43a1-0000-4000-8000-00000000dead"), {
  minLength: 1,
  maxLength: 4,
});

function saidOfFlag({ id: flagId }: Flag): fc.Arbitrary<FlagDetails> {
  return fc.record({
    flagId: fc.constant(flagId),
    description: fc.option(kept),
    owner: fc.option(kept),
    tags: fc.uniqueArray(key, { maxLength: 3 }).map((tags) => tags.toSorted(compareCodePoints)),
    valueSchema: fc.option(json()),
    archivedAt: fc.option(instant),
  });
}

function saidOfExperiment(experiment: Experiment): fc.Arbitrary<ExperimentDetails> {
  const isOver = experiment.status === "completed" || experiment.status === "archived";
  const variantIds = experiment.variants.map(({ id }) => id);
  const outcome = fc.oneof(
    fc.record({
      kind: fc.constantFrom("rollback" as const, "no_effect" as const),
      variantId: fc.constant(null),
      comment: kept,
    }),
    fc.record({
      kind: fc.constant("rollout_winner" as const),
      variantId: fc.constantFrom(null, ...variantIds),
      comment: kept,
    }),
  );
  return fc.record({
    experimentId: fc.constant(experiment.id),
    hypothesis: fc.option(kept),
    owner: fc.option(kept),
    plannedDays: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    description: fc.option(kept),
    authors: fc.uniqueArray(fc.uuid(), { maxLength: 2 }),
    submittedBy: fc.option(fc.uuid()),
    contentVersion: fc.integer({ min: 1, max: 9 }),
    proposal: fc.constant(null),
    startedAt: fc.option(instant),
    completedAt: isOver ? fc.option(instant) : fc.constant(null),
    outcome: isOver ? fc.option(outcome) : fc.constant(null),
  });
}

const groups: fc.Arbitrary<readonly ApproverGroup[]> = fc.uniqueArray(
  fc
    .record({ id: fc.uuid(), name: key, experimenters: people, approvers: people })
    .chain((group) => fc.integer({ min: 1, max: group.approvers.length }).map((minimum) => ({ ...group, minimum }))),
  { maxLength: 2, selector: ({ name }) => name },
);

/** Everything that an installation keeps: what decisions depend on, and what is said about some of it. */
const installations: fc.Arbitrary<{ readonly stored: Configuration; readonly said: Said }> = configuration.chain(
  (stored) =>
    fc
      .record({
        flags: fc.tuple(...stored.flags.map(saidOfFlag)),
        experiments: fc.tuple(...stored.experiments.map(saidOfExperiment)),
        approverGroups: groups,
        measures: measuresOf(stored.experiments),
        notifications: notificationsOf(stored.experiments),
        isSaid: fc.boolean(),
      })
      .map(({ isSaid, ...said }) => ({ stored, said: isSaid ? { ...said, people: PEOPLE } : NOTHING_SAID })),
);

function withOneActivePerFlag(experiments: readonly Experiment[]): readonly Experiment[] {
  const taken = new Set<string>();
  return experiments.map((experiment) => {
    if (!isActive(experiment.status)) return experiment;
    if (taken.has(experiment.flagId)) return completed(experiment);
    taken.add(experiment.flagId);
    return experiment;
  });
}

function completed({ rolledBack: _over, ...experiment }: Experiment): Experiment {
  return { ...experiment, status: "completed" };
}

function read(file: string): ReturnType<typeof readDefinitions> & { readonly ok: true } {
  const reading = readDefinitions(file, { fileName: "export.yaml" });
  if (!reading.ok) throw new Error(`${JSON.stringify(reading.problems)}\n${file}`);
  return reading;
}

function ids(from = 0): () => string {
  let next = from;
  return () => `00000000-0000-7000-8000-${String(next++).padStart(12, "0")}`;
}

const empty: Configuration = {
  environmentId: DEFAULT_ENVIRONMENT_ID,
  revision: 0,
  flags: [],
  experiments: [],
  domains: [],
  segments: [],
};

const ruleId = "0b9e43a1-0000-4000-8000-000000000001";

function flagOf(name: string): Flag {
  return {
    id: name,
    key: name,
    valueType: "boolean",
    defaultValue: false,
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: 0,
  };
}

describe("exportDefinitions", () => {
  it("prints a file that changes nothing when it is applied to the same configuration", () => {
    fc.assert(
      fc.property(installations, fc.constantFrom("yaml", "json"), ({ said, stored }, form) => {
        const { definitions } = read(exportDefinitions(stored, form, said));
        const plan = planChange(definitions, stored, { now: 1, newId: ids(), prune: true, said });
        expect(plan).toEqual({ change: {}, said: {}, summary: [], empty: true });
      }),
      { numRuns: 200 },
    );
  });

  it("prints the same file again after the file was applied to nothing", () => {
    fc.assert(
      fc.property(installations, fc.constantFrom("yaml", "json"), ({ said, stored }, form) => {
        const file = exportDefinitions(stored, form, said);
        const nothing = { ...NOTHING_SAID, people: PEOPLE, notifications: { webhooks: WEBHOOKS, rules: [] } };
        const options = { now: 1, newId: ids(), said: nothing, author: "somebody" };
        const { change, said: put } = planChange(read(file).definitions, empty, options);
        const applied = {
          ...empty,
          flags: change.putFlags ?? [],
          experiments: change.putExperiments ?? [],
          domains: change.putDomains ?? [],
          segments: change.putSegments ?? [],
        };
        const saidNow: Said = {
          flags: put.putFlagDetails ?? [],
          experiments: put.putExperimentDetails ?? [],
          approverGroups: put.putApproverGroups ?? [],
          people: PEOPLE,
          measures: {
            eventTypes: put.putEventTypes ?? [],
            metrics: put.putMetrics ?? [],
            plans: put.putAnalysisPlans ?? [],
            guardrails: put.guardrails?.put ?? [],
            ramps: put.guardrails?.putRamps ?? [],
          },
          notifications: { webhooks: WEBHOOKS, rules: put.notifications?.putRules ?? [] },
        };
        expect(exportDefinitions(applied, form, saidNow)).toBe(file);
      }),
      { numRuns: 100 },
    );
  });

  it("prints the canonical form", () => {
    const variant = { id: "v1", name: "on", value: true, weight: 3333, isControl: true };
    const stored: Configuration = {
      ...empty,
      flags: [
        { ...flagOf("z"), valueType: "json", defaultValue: { a: [1] }, enabled: false },
        {
          ...flagOf("a"),
          rules: [
            { id: ruleId, targetingRules: 'IN SEGMENT "beta"', value: true, rollout: 2_550 },
            { id: "r2", targetingRules: null, value: false, rollout: 10_000 },
          ],
        },
      ],
      experiments: [
        {
          id: "e1",
          key: "x",
          flagId: "a",
          status: "running",
          version: 1,
          updatedAt: 0,
          targetingRules: 'country == "DE"\nAND age >= 18',
          trafficAllocation: 1250,
          variants: [variant],
          hashVersion: 1,
          stickyAssignment: true,
        },
      ],
      domains: [{ id: "d1", key: "page", members: [{ experimentId: "e1", priority: 10 }] }],
      segments: [
        { id: "s2", key: "staff", rule: 'email ENDS_WITH "@example.com"', version: 1, updatedAt: 0 },
        { id: "s1", key: "beta", rule: 'plan == "beta"', version: 1, updatedAt: 0 },
      ],
    };
    expect(exportDefinitions(stored)).toBe(`segments:
  beta: plan == "beta"
  staff: email ENDS_WITH "@example.com"
flags:
  - key: a
    type: boolean
    default: false
    rules:
      - id: ${ruleId}
        if: IN SEGMENT "beta"
        value: true
        rollout: 25.50
      - id: r2
        value: false
        rollout: 100.00
  - key: z
    type: json
    default:
      a:
        - 1
    enabled: false
experiments:
  - key: x
    flag: a
    status: running
    targeting: |-
      country == "DE"
      AND age >= 18
    traffic: 12.50
    sticky: true
    variants:
      - name: "on"
        value: true
        weight: 33.33
        control: true
domains:
  - key: page
    members:
      - experiment: x
        priority: 10
`);
  });
});

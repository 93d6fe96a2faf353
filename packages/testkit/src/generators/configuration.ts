import {
  DEFAULT_ENVIRONMENT_ID,
  isActive,
  type Configuration,
  type Experiment,
  type ExperimentStatus,
  type Flag,
  type JsonObject,
  type ParsedRule,
  type Rule,
  type RuleLiteral,
  type RuleParser,
  type Segment,
  type SubjectHistory,
} from "@lotty/domain";
import fc from "fast-check";

/** A start time for tests: 2026-03-01T12:00:00Z. */
export const TEST_NOW: number = Date.UTC(2026, 2, 1, 12) * 1_000;

const DAY = 86_400_000_000;

const COUNTRY = ["country"];
const AGE = ["age"];

/** Rule texts over the attributes of {@link attributes} and what a parser makes of them. */
const RULES: Readonly<Record<string, ParsedRule>> = {
  "": { ok: true, rule: null },
  'country == "DE"': { ok: true, rule: countryIs("DE") },
  'country == "DE" AND age >= 18': {
    ok: true,
    rule: { kind: "and", operands: [countryIs("DE"), ageIs(">=", { type: "number", value: 18 })] },
  },
  'NOT country == "US" OR age < 30': {
    ok: true,
    rule: {
      kind: "or",
      operands: [{ kind: "not", operand: countryIs("US") }, ageIs("<", { type: "number", value: 30 })],
    },
  },
  // An evaluation error for every subject that has an age.
  'age > "x"': { ok: true, rule: ageIs(">", { type: "string", value: "x" }) },
  "country ==": { ok: false, message: "A value is missing." },
};

/** Rule texts that ask for the segments of {@link ruledConfigurations}, and for one that is not there. */
const SEGMENT_RULES: Readonly<Record<string, ParsedRule>> = {
  'IN SEGMENT "germans"': { ok: true, rule: { kind: "segment", key: "germans", negated: false } },
  'IN SEGMENT "outer"': { ok: true, rule: { kind: "segment", key: "outer", negated: false } },
  'NOT IN SEGMENT "adults"': { ok: true, rule: { kind: "segment", key: "adults", negated: true } },
  'IN SEGMENT "circle"': { ok: true, rule: { kind: "segment", key: "circle", negated: false } },
  'IN SEGMENT "nowhere"': { ok: true, rule: { kind: "segment", key: "nowhere", negated: false } },
};

/** Rules of segments by their keys. */
const SEGMENTS: Readonly<Record<string, string>> = {
  germans: 'country == "DE"',
  adults: 'country == "DE" AND age >= 18',
  outer: 'IN SEGMENT "germans"',
  circle: 'IN SEGMENT "circle"',
  broken: "country ==",
};

function countryIs(value: string): Rule {
  return { kind: "comparison", path: COUNTRY, operator: "==", literal: { type: "string", value } };
}

function ageIs(operator: ">" | ">=" | "<" | "<=", literal: RuleLiteral): Rule {
  return { kind: "comparison", path: AGE, operator, literal };
}

/** Parses the rule texts of generated configurations, for packages that have no parser. */
export const parseGeneratedRule: RuleParser = (text) =>
  RULES[text] ?? SEGMENT_RULES[text] ?? { ok: false, message: `The rule ${text} is not among the generated ones.` };

/** Attributes that the generated rules read. */
export const attributes: fc.Arbitrary<JsonObject> = fc.record(
  { country: fc.constantFrom("DE", "FR", "US"), age: fc.integer({ min: 0, max: 99 }), vip: fc.boolean() },
  { requiredKeys: [] },
);

const weights = fc.constantFrom(0, 1, 1_000, 3_333, 5_000, 10_000);

/** Configurations of a few flags with experiments in all states, some of them in conflict domains. */
export const configurations: fc.Arbitrary<Configuration> = fc
  .record({
    experiments: fc.array(experimentSeed(), { minLength: 1, maxLength: 8 }),
    domains: fc.array(
      fc.array(fc.record({ member: fc.nat({ max: 7 }), priority: fc.integer({ min: 0, max: 2 }) }), { maxLength: 5 }),
      { maxLength: 2 },
    ),
  })
  .map(({ domains, experiments: seeds }) => {
    const experiments = seeds.map(experimentOf);
    return {
      environmentId: DEFAULT_ENVIRONMENT_ID,
      revision: 1,
      flags: seeds.map((_, index) => flag(index)),
      experiments,
      domains: domains.map((members, index) => ({
        id: uuid("d", index),
        key: `domain-${index}`,
        members: uniqueMembers(members, experiments),
      })),
      segments: [],
    };
  });

const ruleTexts = fc.constantFrom(null, ...Object.keys(RULES), ...Object.keys(SEGMENT_RULES));

/** Like {@link configurations}, with flags that have rules or are disabled, and with segments that rules ask for. */
export const ruledConfigurations: fc.Arbitrary<Configuration> = configurations.chain((configuration) =>
  fc
    .record({
      flags: fc.tuple(...configuration.flags.map(ruledFlag)),
      targeting: fc.tuple(...configuration.experiments.map(() => fc.option(ruleTexts, { nil: undefined }))),
      keys: fc.subarray(Object.keys(SEGMENTS)),
    })
    .map(({ flags, keys, targeting }) => ({
      ...configuration,
      flags,
      experiments: configuration.experiments.map((experiment, index) => ({
        ...experiment,
        targetingRules: targeting[index] ?? experiment.targetingRules,
      })),
      segments: keys.map((key, index): Segment => ({
        id: uuid("5", index),
        key,
        rule: SEGMENTS[key] ?? "",
        version: 1,
        updatedAt: TEST_NOW - 60 * DAY,
      })),
    })),
);

function ruledFlag(given: Flag, index: number): fc.Arbitrary<Flag> {
  const rule = fc.record({ targetingRules: ruleTexts, rollout: fc.constantFrom(0, 1, 2_500, 5_000, 9_999, 10_000) });
  return fc
    .record({ enabled: fc.constantFrom(true, true, true, false), rules: fc.array(rule, { maxLength: 3 }) })
    .map(({ enabled, rules }) => ({
      ...given,
      enabled,
      rules: rules.map((each, place) => ({ ...each, id: uuid("b", index * 4 + place), value: `rule-${place}` })),
    }));
}

/** Histories of a subject over the experiments of a configuration. */
export function histories(configuration: Configuration): fc.Arbitrary<SubjectHistory> {
  return fc
    .subarray([...configuration.experiments])
    .chain((experiments) => fc.tuple(...experiments.map((experiment) => assignmentIn(experiment))));
}

function assignmentIn(experiment: Experiment): fc.Arbitrary<SubjectHistory[number]> {
  const variantIds = experiment.variants.map((variant) => variant.id);
  return fc
    .record({
      variantId: fc.constantFrom(...variantIds, uuid("9", 0)),
      // Around the end of the cooldown, where off-by-one errors live.
      lastDays: fc.constantFrom(0, 1, 6.999, 7, 7.001, 30),
      firstDays: fc.constantFrom(0, 1, 100),
    })
    .map(({ firstDays, lastDays, variantId }) => ({
      experimentId: experiment.id,
      variantId,
      firstDecidedAt: TEST_NOW - (lastDays + firstDays) * DAY,
      lastDecidedAt: TEST_NOW - lastDays * DAY,
    }));
}

interface ExperimentSeed {
  readonly status: ExperimentStatus;
  readonly targetingRules: string | null;
  readonly trafficAllocation: number;
  readonly weights: readonly number[];
  readonly stickyAssignment: boolean;
  /** Means something only of one that is paused. */
  readonly back: boolean;
}

function experimentSeed(): fc.Arbitrary<ExperimentSeed> {
  return fc.record({
    status: fc.constantFrom<ExperimentStatus>("running", "running", "running", "paused", "completed", "draft"),
    targetingRules: fc.constantFrom(null, ...Object.keys(RULES)),
    trafficAllocation: fc.constantFrom(0, 1, 2_500, 5_000, 9_999, 10_000),
    weights: fc.array(weights, { maxLength: 4 }),
    stickyAssignment: fc.boolean(),
    back: fc.boolean(),
  });
}

function experimentOf(seed: ExperimentSeed, index: number): Experiment {
  const { back, weights: shares, ...rest } = seed;
  return {
    ...rest,
    ...(back && rest.status === "paused" && { rolledBack: true }),
    id: uuid("e", index),
    key: `experiment-${index}`,
    flagId: uuid("f", index),
    version: 1,
    updatedAt: TEST_NOW - 40 * DAY,
    hashVersion: 1,
    variants: shares.map((weight, place) => ({
      id: uuid("a", index * 8 + place),
      // Not in the order in which they are stored.
      name: `variant-${(place * 7) % 4}`,
      value: `value-${place}`,
      weight,
      isControl: place === 0,
    })),
  };
}

function flag(index: number): Flag {
  return {
    id: uuid("f", index),
    key: `flag-${index}`,
    valueType: "string",
    defaultValue: "default",
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: TEST_NOW - 50 * DAY,
  };
}

function uniqueMembers(
  members: readonly { readonly member: number; readonly priority: number }[],
  experiments: readonly Experiment[],
): { readonly experimentId: string; readonly priority: number }[] {
  const byId = new Map<string, number>();
  for (const { member, priority } of members) {
    const experiment = experiments[member % experiments.length];
    if (experiment !== undefined) byId.set(experiment.id, priority);
  }
  return [...byId].map(([experimentId, priority]) => ({ experimentId, priority }));
}

/** Keys of the flags whose experiment is active. */
export function activeFlagKeys(configuration: Configuration): readonly string[] {
  return configuration.flags
    .filter((each) => configuration.experiments.some(({ flagId, status }) => flagId === each.id && isActive(status)))
    .map((each) => each.key);
}

function uuid(kind: string, index: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
}

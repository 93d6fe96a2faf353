import {
  DEFAULT_ENVIRONMENT_ID,
  type Configuration,
  type Experiment,
  type ExperimentDetails,
  type Flag,
  type JsonValue,
  type Variant,
} from "@lotty/domain";
import { samplePlan } from "@lotty/testkit/suites/analysis-plans";
import { sampleExperimentDetails, sampleFlagDetails } from "@lotty/testkit/suites/control-plane-store";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { describe, expect, it, test } from "vitest";
import { ValueSchemas } from "@lotty/value-schemas";
import { launchFindings, type LaunchFinding, type LaunchQuestion } from "./launch-gate.ts";

const flag = sampleFlag();

function experimentOf(fields: Partial<Experiment> = {}): Experiment {
  return sampleExperiment(flag.id, fields);
}

function question(fields: Partial<LaunchQuestion> & { readonly others?: readonly Experiment[] } = {}): LaunchQuestion {
  const { experiment = experimentOf(), others = [], ...rest } = fields;
  return {
    stage: "start",
    experiment,
    details: soundDetails(experiment),
    flag,
    flagDetails: sampleFlagDetails(flag.id),
    configuration: configurationOf([experiment, ...others]),
    schemas: new ValueSchemas(),
    plan: samplePlan(experiment.id, { primary: [], secondary: [], guardrails: [] }),
    metrics: [],
    ...rest,
  };
}

function soundDetails(experiment: Experiment, fields: Partial<ExperimentDetails> = {}): ExperimentDetails {
  return sampleExperimentDetails(experiment.id, { owner: "a", hypothesis: "h", plannedDays: 7, ...fields });
}

function configurationOf(experiments: readonly Experiment[], fields: Partial<Configuration> = {}): Configuration {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  return { environmentId, revision: 1, flags: [flag], experiments, domains: [], segments: [], ...fields };
}

function variants(...fields: readonly Partial<Variant>[]): readonly Variant[] {
  return fields.map((each, index) => ({
    id: `v${index}`,
    name: `v${index}`,
    value: `value ${index}`,
    weight: 100,
    isControl: index === 0,
    ...each,
  }));
}

function found(about: LaunchQuestion): readonly string[] {
  return launchFindings(about).map(({ code, severity }) => `${severity} ${code}`);
}

describe("the launch gate", () => {
  it("has nothing to say about a sound experiment", () => {
    expect(launchFindings(question())).toStrictEqual([]);
  });

  const CASES: readonly (readonly [string, Partial<Experiment>, readonly string[]])[] = [
    ["no control", { variants: variants({ isControl: false }, {}) }, ["blocks no_control"]],
    ["two controls", { variants: variants({}, { isControl: true }) }, ["blocks several_controls"]],
    ["one variant", { variants: variants({}) }, ["blocks too_few_variants"]],
    ["no variant", { variants: [] }, ["blocks too_few_variants", "blocks no_control"]],
    ["only weights of 0", { variants: variants({ weight: 0 }, { weight: 0 }) }, ["blocks no_weight"]],
    ["one weight of 0", { variants: variants({}, { weight: 0 }) }, ["blocks variant_without_weight"]],
    ["a negative weight", { variants: variants({}, { weight: -1 }) }, ["blocks weight_out_of_range"]],
    ["a broken weight", { variants: variants({}, { weight: 0.5 }) }, ["blocks weight_out_of_range"]],
    ["a huge weight", { variants: variants({}, { weight: 100_000_001 }) }, ["blocks weight_out_of_range"]],
    ["the same name twice", { variants: variants({}, { name: "v0" }) }, ["blocks duplicate_variant_name"]],
    ["the same value twice", { variants: variants({}, { value: "value 0" }) }, ["warns duplicate_variant_value"]],
    ["a value of another type", { variants: variants({}, { value: 1 }) }, ["blocks wrong_value_type"]],
    ["no traffic", { trafficAllocation: 0 }, ["blocks no_traffic"]],
    ["too much traffic", { trafficAllocation: 10_001 }, ["blocks traffic_out_of_range"]],
    ["a broken rule", { targetingRules: "country ==" }, ["blocks rule_not_parsed"]],
    ["a rule for an unknown segment", { targetingRules: 'IN SEGMENT "beta"' }, ["blocks unknown_segment"]],
    [
      "a rule that is never true",
      { targetingRules: "age > 5 AND age < 3" },
      ["blocks rule_never_matches", "warns rule_doubtful"],
    ],
    ["a part that is never true", { targetingRules: "(age > 5 AND age < 3) OR age == 9" }, ["warns rule_doubtful"]],
  ];

  test.each(CASES)("finds %s", (_, fields, codes) => {
    expect(found(question({ experiment: experimentOf(fields) }))).toStrictEqual(codes);
  });

  it("finds values that the flag's schema does not take", () => {
    const flagDetails = sampleFlagDetails(flag.id, { valueSchema: { enum: ["control"] } });
    expect(launchFindings(question({ flagDetails }))).toMatchObject([
      { code: "value_against_schema", severity: "blocks", field: "variants.treatment.value" },
    ]);
  });

  it("does not run out of stack on values nested without end", () => {
    let value: JsonValue = 1;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    const json = { ...flag, valueType: "json" as const };
    const experiment = experimentOf({ variants: variants({ value }, { value: [value] }) });
    expect(found(question({ flag: json, experiment }))).toStrictEqual([
      "blocks value_against_schema",
      "blocks value_against_schema",
    ]);
  });

  const WITHOUT: readonly (readonly [string, Partial<ExperimentDetails>, string])[] = [
    ["an owner", { owner: null }, "blocks missing_owner"],
    ["an owner's name", { owner: " " }, "blocks missing_owner"],
    ["a hypothesis", { hypothesis: null }, "blocks missing_hypothesis"],
    ["a planned duration", { plannedDays: null }, "warns missing_planned_duration"],
  ];

  test.each(WITHOUT)("misses %s", (_, fields, code) => {
    const experiment = experimentOf();
    expect(found(question({ experiment, details: soundDetails(experiment, fields) }))).toStrictEqual([code]);
  });

  it("finds that the flag is gone, archived or switched off", () => {
    expect(found(question({ flag: undefined }))).toStrictEqual(["blocks flag_missing"]);
    const archived = sampleFlagDetails(flag.id, { archivedAt: 1 });
    expect(found(question({ flagDetails: archived }))).toStrictEqual(["blocks flag_archived"]);
    const off: Flag = { ...flag, enabled: false };
    expect(found(question({ flag: off }))).toStrictEqual(["blocks flag_disabled"]);
    expect(found(question({ flag: off, stage: "submit" }))).toStrictEqual(["warns flag_disabled"]);
  });

  it("finds another active experiment on the flag, which may be over by the start", () => {
    const others = [experimentOf({ status: "paused" }), experimentOf({ status: "completed" })];
    expect(found(question({ others }))).toStrictEqual(["blocks flag_occupied"]);
    expect(found(question({ others, stage: "submit" }))).toStrictEqual(["warns flag_occupied"]);
  });

  it("lets the weight be taken from an arm of an active experiment", () => {
    const experiment = experimentOf({ variants: variants({}, {}, { weight: 0 }) });
    expect(found(question({ experiment, stage: "edit" }))).toStrictEqual(["warns variant_without_weight"]);
  });

  it("puts what blocks first", () => {
    const experiment = experimentOf({ trafficAllocation: 0, variants: variants({}, { value: "value 0" }) });
    const details = soundDetails(experiment, { plannedDays: null, owner: null });
    const severities = launchFindings(question({ experiment, details })).map(({ severity }) => severity);
    expect(severities).toStrictEqual(["blocks", "blocks", "warns", "warns"]);
  });
});

describe("the room in a conflict domain", () => {
  function inDomain(
    member: Partial<Experiment>,
    priorities: readonly [number, number],
    rule: string | null = null,
  ): readonly LaunchFinding[] {
    const experiment = experimentOf({ targetingRules: rule });
    const other = { ...sampleExperiment("another flag", { key: "strong", status: "running", ...member }) };
    const members = [
      { experimentId: experiment.id, priority: priorities[0] },
      { experimentId: other.id, priority: priorities[1] },
    ];
    const domains = [{ id: "d", key: "checkout", members }];
    return launchFindings(question({ experiment, configuration: configurationOf([experiment, other], { domains }) }));
  }

  it("is gone when a stronger member takes everyone", () => {
    expect(inDomain({}, [1, 2])).toStrictEqual([
      {
        code: "domain_without_room",
        severity: "blocks",
        field: "domains.checkout",
        message: "strong goes first in the domain checkout and takes every subject that this experiment is for.",
      },
    ]);
  });

  it("is gone when a stronger member has the same rule in other words", () => {
    const findings = inDomain({ targetingRules: '(country   == "DE")' }, [1, 2], 'country == "DE"');
    expect(findings).toMatchObject([{ code: "domain_without_room" }]);
  });

  it("is smaller when a stronger member takes some", () => {
    expect(inDomain({ trafficAllocation: 9_999 }, [1, 2])).toMatchObject([
      { code: "domain_shared", severity: "warns" },
    ]);
    expect(inDomain({ targetingRules: "age > 5" }, [1, 2])).toMatchObject([{ code: "domain_shared" }]);
  });

  it("is there for equals, and beside weaker members and those that do not run", () => {
    expect(inDomain({}, [1, 1])).toStrictEqual([]);
    expect(inDomain({}, [2, 1])).toStrictEqual([]);
    expect(inDomain({ status: "paused" }, [1, 2])).toStrictEqual([]);
  });
});

import { EXPERIMENT_STATUSES } from "@lotty/domain";
import { sampleExperimentDetails } from "@lotty/testkit/suites/control-plane-store";
import { sampleExperiment } from "@lotty/testkit/suites/decision-store-fixture";
import { describe, expect, it, test } from "vitest";
import { EDITABLE, editRefusals, weighEdit, withEdit, type EditWeight, type ExperimentEdit } from "./edit.ts";

const experiment = sampleExperiment("flag", { targetingRules: 'country == "DE"', trafficAllocation: 5_000 });
const described = { experiment, details: sampleExperimentDetails(experiment.id, { hypothesis: "h", plannedDays: 7 }) };

function weigh(edit: ExperimentEdit): EditWeight {
  return weighEdit(
    described,
    withEdit(described, edit, () => "new"),
  );
}

describe("the weight of an edit", () => {
  const [first, second] = experiment.variants;
  const CASES: readonly (readonly [string, ExperimentEdit, EditWeight])[] = [
    ["nothing", {}, "nothing"],
    ["what is so already", { trafficAllocation: 5_000, targetingRules: 'country == "DE"', hypothesis: "h" }, "nothing"],
    ["a rule that only reads differently", { targetingRules: '( country   ==   "DE" )' }, "cosmetic"],
    ["the name", { key: "other" }, "cosmetic"],
    ["the owner", { owner: "o" }, "cosmetic"],
    ["the description", { description: "d" }, "cosmetic"],
    ["the hypothesis", { hypothesis: "other" }, "plan"],
    ["the planned duration", { plannedDays: 8 }, "plan"],
    ["another rule", { targetingRules: 'country == "FR"' }, "material"],
    ["no rule any more", { targetingRules: null }, "material"],
    ["the allocation", { trafficAllocation: 5_001 }, "material"],
    ["stickiness", { stickyAssignment: true }, "material"],
    ["the flag", { flagId: "another" }, "material"],
    ["the order of variants", { variants: [second!, first!] }, "material"],
    ["a weight", { variants: [{ ...first!, weight: 1 }, second!] }, "material"],
    [
      "a value under a name that is kept off the record",
      { variants: [{ ...first!, value: { token: 1 } }, second!] },
      "material",
    ],
    ["a variant's name", { variants: [{ ...first!, name: "other" }, second!] }, "material"],
    ["content and looks", { trafficAllocation: 1, key: "other" }, "material"],
  ];

  test.each(CASES)("of %s", (_, edit, weight) => {
    expect(weigh(edit)).toBe(weight);
  });

  it("sees that a value changes which would be kept off the record", () => {
    const secretive = (token: number): typeof described => ({
      ...described,
      experiment: { ...experiment, variants: [{ ...first!, value: { token } }, second!] },
    });
    expect(weighEdit(secretive(1), secretive(2))).toBe("material");
  });
});

describe("the fields that may be edited", () => {
  const EDITS: Readonly<Record<keyof ExperimentEdit, ExperimentEdit>> = {
    key: { key: "k" },
    flagId: { flagId: "f" },
    targetingRules: { targetingRules: null },
    trafficAllocation: { trafficAllocation: 1 },
    variants: { variants: [] },
    stickyAssignment: { stickyAssignment: true },
    hypothesis: { hypothesis: null },
    plannedDays: { plannedDays: null },
    owner: { owner: null },
    description: { description: null },
  };
  const fields = Object.values(EDITS).flatMap((edit) =>
    EXPERIMENT_STATUSES.map((status) => [Object.keys(edit)[0] as keyof ExperimentEdit, status] as const),
  );

  test.each(fields)("%s while it is %s", (field, status) => {
    const refusals = editRefusals(EDITS[field], status);
    const expected = EDITABLE[field].includes(status) ? [] : [field];
    expect(refusals.map((refusal) => ("field" in refusal ? refusal.field : refusal.code))).toStrictEqual(expected);
  });

  it("are none once an experiment is archived or rejected", () => {
    const frozen = Object.values(EDITABLE).some((list) => list.includes("archived") || list.includes("rejected"));
    expect(frozen).toBe(false);
  });

  it("promise nothing new once there are results", () => {
    expect(EDITABLE.hypothesis).toStrictEqual(["draft", "in_review", "approved"]);
    expect(EDITABLE.plannedDays).toStrictEqual(["draft", "in_review", "approved"]);
    expect(EDITABLE.flagId).toStrictEqual(["draft"]);
  });
});

describe("a value that no field takes", () => {
  const arm = { name: "a", value: 1, weight: 1, isControl: true };
  const BAD: readonly (readonly [ExperimentEdit, string])[] = [
    [{ key: " " }, "key"],
    [{ key: "a\0" }, "key"],
    [{ key: "\ud800" }, "key"],
    [{ key: "x".repeat(257) }, "key"],
    [{ plannedDays: 0 }, "plannedDays"],
    [{ plannedDays: 1.5 }, "plannedDays"],
    [{ trafficAllocation: -1 }, "trafficAllocation"],
    [{ trafficAllocation: 10_001 }, "trafficAllocation"],
    [{ trafficAllocation: Number.NaN }, "trafficAllocation"],
    [{ variants: [arm, arm] }, "variants"],
    [{ variants: [{ ...arm, name: "" }] }, "variants"],
    [{ variants: [{ ...arm, weight: 0.1 }] }, "variants"],
    [{ variants: Array.from({ length: 101 }, (_, place) => ({ ...arm, name: `${place}` })) }, "variants"],
  ];

  test.each(BAD)("is refused: %j", (edit, field) => {
    expect(editRefusals(edit, "draft")).toMatchObject([{ code: "invalid_field", field }]);
  });
});

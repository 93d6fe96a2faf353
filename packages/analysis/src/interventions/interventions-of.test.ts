import type { Experiment } from "@lotty/domain";
import { sampleExperiment } from "@lotty/testkit/suites/decision-store-fixture";
import { describe, expect, it } from "vitest";
import { interventionsOf } from "./interventions-of.ts";

const draft = sampleExperiment("01a203d3-6d24-7000-8000-000000000001", { status: "draft", trafficAllocation: 100 });

/** What is told of an experiment that was changed like this, one change a second. */
function told(...changes: readonly Partial<Experiment>[]): readonly string[] {
  let experiment: Experiment = draft;
  const writings = changes.map((change, index) => {
    experiment = { ...experiment, ...change };
    return { experiment, at: index };
  });
  return interventionsOf(writings).map(({ at, kind, said }) => `${at} ${kind}: ${said}`);
}

describe("interventions", () => {
  it("are none before the first start", () => {
    expect(told({}, { trafficAllocation: 5_000 }, { status: "approved" })).toStrictEqual([]);
    expect(interventionsOf([])).toStrictEqual([]);
  });

  it("are the start, each step of the traffic, pauses, and the end", () => {
    expect(
      told(
        {},
        { status: "running" },
        { trafficAllocation: 550 },
        { status: "paused" },
        { status: "running", trafficAllocation: 10_000 },
        { status: "completed" },
        { status: "archived" },
      ),
    ).toStrictEqual([
      "1 started: started with 1 % of the traffic",
      "2 traffic: traffic from 1 % to 5.5 %",
      "3 paused: paused",
      "4 resumed: resumed",
      "4 traffic: traffic from 5.5 % to 100 %",
      "5 completed: completed",
    ]);
  });

  it("tell a rollback from a pause, whether it ran or was paused before", () => {
    expect(told({ status: "running" }, { status: "paused", rolledBack: true }, { version: 3 }).slice(1)).toStrictEqual([
      "1 rolled_back: rolled back to control",
    ]);
    expect(told({ status: "paused" }, { rolledBack: true }).slice(1)).toStrictEqual([
      "1 rolled_back: rolled back to control",
    ]);
  });

  it("are changes of what subjects get and who they are, and not of anything else", () => {
    const [one, two] = draft.variants;
    if (one === undefined || two === undefined) throw new Error("two variants are expected");
    const running = { status: "running" } as const;
    const [a, b] = [`${one.name}:${one.weight / 100}`, `${two.name}:${two.weight / 100}`];
    expect(told(running, { variants: [{ ...one, weight: 1_000 }, two] })[1]).toBe(
      `1 weights: weights from ${a} ${b} to ${one.name}:10 ${b}`,
    );
    expect(told(running, { variants: [one] })[1]).toBe(`1 variants: variants from ${a} ${b} to ${a}`);
    expect(told(running, { variants: [one, { ...two, value: { new: true } }] })[1]).toBe(
      `1 values: another value for ${two.name}`,
    );
    expect(told(running, { targetingRules: 'plan == "pro"' })[1]).toBe("1 rule: another targeting rule");
    expect(told(running, { stickyAssignment: !draft.stickyAssignment })[1]).toMatch(/^1 stickiness: subjects /);
    expect(told(running, { version: 9, updatedAt: 9 })).toHaveLength(1);
  });
});

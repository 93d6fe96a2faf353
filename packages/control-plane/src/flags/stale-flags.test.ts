import { MICROS_PER_DAY, type Configuration } from "@lotty/domain";
import { TEST_NOW } from "@lotty/testkit/generators/configuration";
import { sampleFlagDetails } from "@lotty/testkit/suites/control-plane-store";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { describe, expect, it } from "vitest";
import { staleFlags, type StaleFlag, type StalenessQuestion } from "./stale-flags.ts";

const flag = sampleFlag({ key: "old", updatedAt: TEST_NOW - 100 * MICROS_PER_DAY });
const configuration: Configuration = {
  environmentId: "e",
  revision: 1,
  flags: [flag],
  experiments: [],
  domains: [],
  segments: [],
};

function stale(fields: Partial<StalenessQuestion> = {}): readonly StaleFlag[] {
  return staleFlags({ configuration, details: [], usage: [], now: TEST_NOW, days: 30, ...fields });
}

function used(daysAgo: number, values: number): Pick<StalenessQuestion, "usage"> {
  return { usage: [{ flagKey: "old", lastDecidedAt: TEST_NOW - daysAgo * MICROS_PER_DAY, values }] };
}

describe("a stale flag", () => {
  it("is one that was never decided", () => {
    expect(stale()).toStrictEqual([{ flagId: flag.id, key: "old", reason: "not_decided", lastDecidedAt: null }]);
  });

  it("is one that was not decided for so long", () => {
    expect(stale(used(31, 2))).toMatchObject([{ reason: "not_decided" }]);
    expect(stale(used(30, 2))).toStrictEqual([]);
  });

  it("is one that gives everyone the same", () => {
    expect(stale(used(1, 1))).toMatchObject([{ reason: "one_value" }]);
    expect(stale(used(1, 2))).toStrictEqual([]);
  });

  it("is never one with an active experiment", () => {
    for (const status of ["running", "paused"] as const) {
      const experiments = [sampleExperiment(flag.id, { status })];
      expect(stale({ configuration: { ...configuration, experiments } })).toStrictEqual([]);
    }
    const experiments = [sampleExperiment(flag.id, { status: "completed" })];
    expect(stale({ configuration: { ...configuration, experiments } })).toHaveLength(1);
  });

  it("is never an archived one, nor one that was changed lately", () => {
    expect(stale({ details: [sampleFlagDetails(flag.id, { archivedAt: 1 })] })).toStrictEqual([]);
    expect(stale({ days: 101 })).toStrictEqual([]);
  });
});

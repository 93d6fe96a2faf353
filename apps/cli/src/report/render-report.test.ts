import { randomUUID } from "node:crypto";
import { type DecisionSpread, type Experiment, MICROS_PER_DAY } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { type ExperimentReport, toExperimentReport } from "./experiment-report.ts";
import { renderReport } from "./render-report.ts";
import { reportJson } from "./report-json.ts";

const now = Date.UTC(2026, 5, 15) * 1_000;

const experiment: Experiment = {
  id: randomUUID(),
  key: "button-colour",
  flagId: randomUUID(),
  status: "running",
  version: 3,
  updatedAt: now,
  targetingRules: null,
  trafficAllocation: 10_000,
  variants: [
    { id: "a", name: "control", value: "grey", weight: 7_500, isControl: true },
    { id: "b", name: "green", value: "green", weight: 2_500, isControl: false },
  ],
  hashVersion: 1,
  stickyAssignment: true,
};

const fairSpread: DecisionSpread = {
  variants: [
    { variantId: "a", subjects: 1_510, decisions: 3_000 },
    { variantId: "b", subjects: 490, decisions: 1_000 },
  ],
  subjectsInSeveralVariants: 0,
  versions: { oldest: 3, newest: 3 },
  reasons: { experiment_assigned: 4_000, targeting_mismatch: 1_000 },
  standby: null,
};

function report(spread: Partial<DecisionSpread> = {}): Promise<ExperimentReport> {
  const facts = { experiment, flagKey: "button", from: now - MICROS_PER_DAY, to: now };
  return toExperimentReport(facts, { ...fairSpread, ...spread });
}

async function rendered(spread: Partial<DecisionSpread> = {}): Promise<string> {
  return renderReport(await report(spread), "postgres://db/lotty", (_tone, text) => text);
}

describe("a report", () => {
  it("sets the shares that came out beside those of the weights", async () => {
    expect(await rendered()).toBe(`button-colour on button: running, version 3
2026-06-14T00:00:00Z to 2026-06-15T00:00:00Z, from postgres://db/lotty

  variant            subjects  expected     seen  decisions
  control (control)     1,510   75.00 %  75.50 %      3,000
  green                   490   25.00 %  24.50 %      1,000
                        2,000                         4,000

Sample ratio: as the weights say (chi-square 0.27, 1 degree of freedom, p = 0.6056)

5,000 decisions of button by reason:
  targeting_mismatch   1,000  20.00 %
  experiment_assigned  4,000  80.00 %`);
  });

  it("warns when no fair draw comes out like that", async () => {
    const uneven = [
      { variantId: "a", subjects: 1_400, decisions: 3_000 },
      { variantId: "b", subjects: 600, decisions: 1_000 },
    ];
    expect(await rendered({ variants: uneven })).toContain(
      "NOT as the weights say: do not trust results (chi-square 26.67",
    );
    expect(reportJson(await report({ variants: uneven }), "here")).toMatchObject({
      sample_ratio: { suspicious: true },
    });
  });

  it("shows a variant that is not there any more, which nobody should have been given", async () => {
    const gone = await report({ variants: [...fairSpread.variants, { variantId: "c", subjects: 3, decisions: 3 }] });
    const text = renderReport(gone, "here", (_tone, plain) => plain);
    expect(text).toContain("NOT as the weights say: do not trust results (a variant without a weight has subjects)");
    expect(text).toMatch(/^ {2}c \(removed\) +3 +0\.00 % +0\.15 % +3$/m);
    expect(reportJson(gone, "here")).toMatchObject({
      sample_ratio: { chi_square: null, p_value: 0, suspicious: true },
    });
  });

  it("says what makes the comparison doubtful", async () => {
    const text = await rendered({ subjectsInSeveralVariants: 7, versions: { oldest: 1, newest: 3 } });
    expect(text).toContain("7 subjects were given more than one variant and count for each.");
    expect(text).toContain("Assigned by version 1 to 3; the expected shares are by the weights of version 3.");
    expect(await rendered({ versions: { oldest: 2, newest: 2 } })).toContain("Assigned by version 2;");
  });

  it("compares nothing where nobody was assigned", async () => {
    const text = await rendered({ variants: [], versions: null, reasons: {} });
    expect(text).toContain("Sample ratio: nothing to compare.");
    expect(text).toMatch(/^ {2}green +0 +25\.00 % +- +0$/m);
  });

  it.each([
    [0, "a replica that is in step", 0],
    [1_540_000, "a replica whose newest transaction is 1.5 s old", 1.54],
    [null, "a replica that has had no transaction yet", null],
  ])("tells how far behind a replica is: %s", async (behindMicros, words, seconds) => {
    expect(await rendered({ standby: { behindMicros } })).toContain(words);
    const json = reportJson(await report({ standby: { behindMicros } }), "here");
    expect(json).toMatchObject({ source: { replica: true, behind_seconds: seconds } });
  });
});

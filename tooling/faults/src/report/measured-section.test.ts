import { describe, expect, test } from "vitest";
import { countFigures, type BrokenReport, type FaultReport } from "./fault-report.ts";
import { measuredSection, replaceSection } from "./measured-section.ts";
import { mergeRuns, type RunReport } from "./run-report.ts";

const NONE = { committed: 0, spooled: 0, queued: 0 };

function played(changes: Partial<FaultReport>): FaultReport {
  return {
    row: 5,
    name: "redis-kill",
    title: "kill -9 of Redis",
    verdict: "pass",
    acknowledged: 30,
    acknowledged_by: { committed: 10, spooled: 0, queued: 20 },
    rows: 30,
    missing: NONE,
    duplicates: NONE,
    unanswered_rows: 0,
    requests: 25,
    errors_percent: 0.5,
    failures: {},
    recovery_s: 1.25,
    drain_s: 0,
    latency_ms: {
      before: { p50: 1, p99: 2 },
      during: { p50: 3, p99: 40.25 },
      after: { p50: null, p99: null },
    },
    measures: {},
    standard_figures: [{ name: "missing committed", wanted: "0", got: "0", holds: true }],
    figures: [{ name: "async again after s", wanted: "≤ 10", got: "1", holds: true }],
    surprises: [],
    seed: 1,
    started_at: "2026-11-22T10:00:00.000Z",
    seconds: 60,
    ...changes,
  };
}

const BROKEN: BrokenReport = {
  row: 14,
  name: "disk-full",
  title: "the disk is full",
  verdict: "broken",
  error: "it takes root",
  seed: 1,
  started_at: "2026-11-22T10:05:00.000Z",
  seconds: 1,
};

function runOf(results: RunReport["results"], date = "2026-11-22T11:00:00.000Z"): RunReport {
  return { date, machine: "Node v24, 2 × processor, 8 GB", quick: false, built: true, runs: 1, results };
}

const MISS = played({
  verdict: "miss",
  failures: { ECONNRESET: 2 },
  figures: [{ name: "recovery s", wanted: "≤ 3", got: "7", holds: false }],
});

describe("the section of a document", () => {
  test("says how the run was made and how to make it again", () => {
    const section = measuredSection(runOf([played({}), BROKEN]));
    expect(section).toContain("2026-11-22, Node v24, 2 × processor, 8 GB, as built, seed 1: 1 of 2 faults passed");
    expect(section).toContain("`pnpm build && pnpm faults --built --seed 1 --markdown docs/reliability.md`");
  });

  test("has a line for every fault with the counts and the verdict", () => {
    const section = measuredSection(runOf([played({}), BROKEN]));
    expect(section).toMatch(
      /\| 5 redis-kill \| 30 \(10 committed, 20 queued\) \| 30 +\| 0 +\| 0 +\| 0\.5 +\| 1\.25 +\| pass/,
    );
    expect(section).toMatch(/\| 14 disk-full +\| - .*\| BROKEN +\|/);
  });

  test("shows what had to hold and how long requests took", () => {
    const section = measuredSection(runOf([played({})]));
    expect(section).toContain("async again after s: 1 (≤ 10)");
    expect(section).toContain("before 1.0/2.0, during 3.0/40.3, after -/-");
  });

  test("names every miss, and what could not be played", () => {
    const section = measuredSection(runOf([MISS, BROKEN]));
    expect(section).toContain("- **redis-kill**: recovery s 7, wanted ≤ 3 (25 requests; failures: 2 × ECONNRESET)");
    expect(section).toContain("- **disk-full** could not be played to its end: it takes root");
    expect(measuredSection(runOf([played({})]))).toContain("Nothing: every figure held.");
  });

  test("is replaced between its marks, and nothing else is", () => {
    const marks = ["<!-- measured: written by `pnpm faults --markdown`, and only by that -->", "<!-- /measured -->"];
    const document = `before\n\n${marks.join("\n\nold\n\n")}\n\nafter\n`;
    const replaced = replaceSection(document, "new");
    expect(replaced).toBe(`before\n\n${marks.join("\n\nnew\n\n")}\n\nafter\n`);
    expect(replaceSection(replaced, "new")).toBe(replaced);
  });

  test("is not written into a document without marks", () => {
    expect(() => replaceSection("nothing", "new")).toThrow("no section");
  });
});

describe("several runs", () => {
  test("are put together in the order of the table, each fault as it was played last", () => {
    const late = runOf([played({ row: 5, seed: 2 })], "2026-11-22T12:00:00.000Z");
    const early = runOf([BROKEN, played({ row: 5, seed: 1 })]);
    const merged = mergeRuns([late, early]);
    expect(merged.results.map(({ name, seed }) => [name, seed])).toEqual([
      ["redis-kill", 2],
      ["disk-full", 1],
    ]);
    expect(merged.date).toBe(late.date);
    expect(measuredSection(merged)).toContain("in 2 runs");
  });
});

test("a fault that could not be played to its end counts as a figure that did not hold", () => {
  expect(countFigures([played({}), BROKEN, MISS])).toEqual({ passed: 3, failed: 2 });
});

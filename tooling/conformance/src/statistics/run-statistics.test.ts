import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runStatistics } from "./run-statistics.ts";

const OWN_VECTORS = fileURLToPath(new URL("../../../../packages/stats/vectors", import.meta.url));

describe("runStatistics", () => {
  let folder = "";
  let lines: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lotty-statistics-"));
    cpSync(OWN_VECTORS, folder, { recursive: true });
    lines = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(): number {
    return runStatistics(folder, (line) => lines.push(line));
  }

  function edit(family: string, change: (text: string) => string): void {
    const file = join(folder, `${family}.json`);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }

  it("passes all cases of the package's own vectors", () => {
    expect(run()).toBe(0);
    expect(lines.at(-1)).toBe("362 passed, 0 failed");
    expect(lines).toHaveLength(32);
  });

  it("counts a family without a file, and a file without a family, as failures", () => {
    rmSync(join(folder, "trend.json"));
    writeFileSync(join(folder, "astrology.json"), "{}");
    expect(run()).toBe(2);
    expect(lines).toContain("  trend has no file");
    expect(lines).toContain("  astrology is not a family");
  });

  it("counts a file of another format, or without cases, as a failure", () => {
    edit("srm", (text) => text.replace("lotty-stats-vectors/1", "lotty-stats-vectors/2"));
    writeFileSync(join(folder, "welch.json"), '{"format":"lotty-stats-vectors/1","family":"welch","cases":[]}');
    expect(run()).toBe(2);
  });

  it("shows what a case gave that it should not have, and goes on", () => {
    edit("interaction", (text) => text.replace(/"z": ?0\.7518864910266242/u, '"z":0.75'));
    edit("srm", (text) => text.replace(/"counts": ?\[\s*100\s*\]/u, '"counts":[-1]'));
    expect(run()).toBe(2);
    expect(lines.find((line) => line.includes("interaction-002"))).toContain("z: got 0.75188649102662");
    expect(lines.find((line) => line.includes("srm-022"))).toContain("counts[0] has to be a whole number");
  });
});

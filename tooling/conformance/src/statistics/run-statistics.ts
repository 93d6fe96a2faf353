import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { firstDeviation, type Tolerance } from "./compare-result.ts";
import { FAMILIES, type FamilyRunner } from "./families.ts";

/** The one format that is understood. */
const FORMAT = "lotty-stats-vectors/1";

/** How many differences of a family are printed in full. */
const SHOWN_DIFFERENCES = 5;

interface StatisticsCase {
  readonly id: string;
  readonly name: string;
  /** What the family's runner takes; the format promises its shape. */
  readonly input: never;
  readonly expect: unknown;
  readonly tol: Tolerance;
}

interface FamilyFile {
  readonly format: string;
  readonly family: string;
  readonly cases: readonly StatisticsCase[];
}

/** What came of a family: cases, or the file itself as one failure. */
interface FamilyResult {
  readonly passed: number;
  readonly differences: readonly string[];
}

/**
 * Runs all families of statistics and prints what came out. A family without a file, a file without a family, and a file without
 * cases are failures. Returns how many there were.
 */
export function runStatistics(folder: string, print: (line: string) => void): number {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== "manifest.json")
    .map((name) => name.slice(0, -".json".length));
  const names = [...new Set([...Object.keys(FAMILIES), ...files])].sort();
  let passed = 0;
  let failed = 0;
  for (const name of names) {
    const result = runFamily(folder, name);
    passed += result.passed;
    failed += result.differences.length;
    for (const difference of result.differences.slice(0, SHOWN_DIFFERENCES)) print(`  ${name} ${difference}`);
    print(familyLine(name, result.passed, result.differences.length));
  }
  print(familyLine("total", passed, failed));
  print(`${passed} passed, ${failed} failed`);
  return failed;
}

function familyLine(name: string, passed: number, failed: number): string {
  return `${name.padEnd(32)}${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
}

function runFamily(folder: string, name: string): FamilyResult {
  const run = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  if (run === undefined) return { passed: 0, differences: ["is not a family"] };
  const path = join(folder, `${name}.json`);
  if (!existsSync(path)) return { passed: 0, differences: ["has no file"] };
  const file = JSON.parse(readFileSync(path, "utf8")) as FamilyFile;
  if (file.format !== FORMAT || file.family !== name || file.cases.length === 0) {
    return { passed: 0, differences: [`is not a file of ${FORMAT} with cases of its family`] };
  }
  const differences = file.cases.flatMap((vector) => {
    const difference = runCase(run, vector);
    return difference === undefined ? [] : [`${vector.id} [${vector.name}]: ${difference}`];
  });
  return { passed: file.cases.length - differences.length, differences };
}

function runCase(run: FamilyRunner, { input, expect, tol }: StatisticsCase): string | undefined {
  try {
    return firstDeviation(run(input), expect, tol);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

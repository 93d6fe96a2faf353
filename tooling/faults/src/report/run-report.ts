import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { AnyReport } from "./fault-report.ts";

/** A run of one or several faults: what the JSON file holds. */
export interface RunReport {
  readonly date: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly built: boolean;
  /** How many runs it was put together from; 1 when it was one. */
  readonly runs: number;
  readonly results: readonly AnyReport[];
}

/** What the machine is, for people who compare. */
export function describeMachine(): string {
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `Node ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? "unknown processor"}, ${String(gigabytes)} GB`;
}

/** Keeps a run in a file. */
export function writeRun(file: string, run: RunReport): void {
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
}

/** Reads what {@link writeRun} kept. */
export function readRun(file: string): RunReport {
  return JSON.parse(readFileSync(file, "utf8")) as RunReport;
}

/** Puts runs together as if they had been one. What was played several times counts as it was played last. */
export function mergeRuns(runs: readonly RunReport[]): RunReport {
  const inOrder = runs.toSorted((a, b) => a.date.localeCompare(b.date));
  const last = inOrder.at(-1);
  if (last === undefined) throw new RangeError("There are no runs to put together.");
  const results = new Map(inOrder.flatMap((run) => run.results).map((report) => [report.name, report]));
  return {
    ...last,
    runs: runs.reduce((sum, run) => sum + run.runs, 0),
    quick: runs.some(({ quick }) => quick),
    built: runs.every(({ built }) => built),
    results: [...results.values()].toSorted((a, b) => a.row - b.row),
  };
}

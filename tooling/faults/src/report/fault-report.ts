import { quantileMillis, within } from "../client/timeline.ts";
import type { Fault } from "../fault.ts";
import type { FaultResult } from "../run-fault.ts";
import { total, type ByWord } from "../verdict/count-decisions.ts";
import type { Figure } from "../verdict/figure.ts";

/** What of a fault is kept: plain data, as the JSON file has it. */
export interface FaultReport {
  readonly row: number;
  readonly name: string;
  readonly title: string;
  readonly verdict: "pass" | "miss";
  readonly acknowledged: number;
  readonly acknowledged_by: ByWord;
  readonly rows: number;
  readonly missing: ByWord;
  readonly duplicates: ByWord;
  /** Rows that nobody was told of. */
  readonly unanswered_rows: number;
  readonly requests: number;
  readonly errors_percent: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly recovery_s: number | null;
  readonly drain_s: number | null;
  readonly latency_ms: Readonly<Record<Phase, Latency>>;
  readonly measures: Readonly<Record<string, number>>;
  readonly standard_figures: readonly Figure[];
  readonly figures: readonly Figure[];
  readonly surprises: readonly string[];
  readonly seed: number;
  readonly started_at: string;
  readonly seconds: number;
}

/** A fault that could not be played to its end. */
export interface BrokenReport extends Pick<FaultReport, "row" | "name" | "title" | "seed" | "started_at" | "seconds"> {
  readonly verdict: "broken";
  readonly error: string;
}

/** What came of a fault. */
export type AnyReport = FaultReport | BrokenReport;

/** Parts of the time of a fault. */
export const PHASES = ["before", "during", "after"] as const;

type Phase = (typeof PHASES)[number];

/** `null` where nobody asked. */
export interface Latency {
  readonly p50: number | null;
  readonly p99: number | null;
}

/** What is kept of a fault that was played. */
export function reportOf(result: FaultResult, seed: number): FaultReport {
  const { fault, outcome, own, passed, seconds, standard, startedAt } = result;
  const { drainSeconds, errorsPercent, events, failures, measures } = outcome;
  const counts = fault.counts?.(outcome) ?? outcome.counts;
  const latencyOf = (phase: Phase): Latency => {
    const inPhase = within(events, outcome[phase]);
    return { p50: known(quantileMillis(inPhase, 0.5)), p99: known(quantileMillis(inPhase, 0.99)) };
  };
  return {
    row: fault.row,
    name: fault.name,
    title: fault.title,
    verdict: passed ? "pass" : "miss",
    acknowledged: total(counts.acknowledged),
    acknowledged_by: counts.acknowledged,
    rows: counts.rows,
    missing: counts.missing,
    duplicates: counts.duplicates,
    unanswered_rows: outcome.counts.unanswered,
    requests: events.length,
    errors_percent: errorsPercent,
    failures,
    recovery_s: outcome.recoverySeconds,
    drain_s: drainSeconds,
    latency_ms: { before: latencyOf("before"), during: latencyOf("during"), after: latencyOf("after") },
    measures: Object.fromEntries(measures),
    standard_figures: standard,
    figures: own,
    surprises: outcome.surprises,
    seed,
    started_at: startedAt.toISOString(),
    seconds,
  };
}

/** A run that did not come to its end, and why. */
export interface Breakdown {
  readonly error: unknown;
  readonly startedAt: Date;
  readonly seed: number;
}

/** What is kept of a fault that could not be played to its end. */
export function brokenReport({ name, row, title }: Fault, { error, seed, startedAt }: Breakdown): BrokenReport {
  return {
    row,
    name,
    title,
    verdict: "broken",
    error: error instanceof Error ? error.message : String(error),
    seed,
    started_at: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1_000,
  };
}

/** All figures, those that always have to hold first. */
export function figuresOf({ figures, standard_figures }: FaultReport): readonly Figure[] {
  return [...standard_figures, ...figures];
}

/** How many figures held and how many did not; a fault that could not be played to its end is one that did not. */
export function countFigures(reports: readonly AnyReport[]): { readonly passed: number; readonly failed: number } {
  const held = reports.flatMap((report) =>
    report.verdict === "broken" ? [false] : figuresOf(report).map(({ holds }) => holds),
  );
  const passed = held.filter(Boolean).length;
  return { passed, failed: held.length - passed };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

import { total, type ByWord } from "../verdict/count-decisions.ts";
import { shown } from "../verdict/figure.ts";
import { figuresOf, PHASES, type AnyReport, type FaultReport } from "./fault-report.ts";

const HEADER = ["fault", "acknowledged", "rows", "missing", "duplicates", "errors %", "recovery s", "verdict"];

const VERDICTS = { pass: "pass", miss: "MISS", broken: "BROKEN" } as const;

/** What every fault is judged by, as a Markdown table. */
export function verdictTable(reports: readonly AnyReport[]): string {
  return markdownTable(HEADER, reports.map(verdictLine));
}

/** A Markdown table with columns that line up. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function verdictLine(report: AnyReport): readonly string[] {
  const title = `${String(report.row)} ${report.name}`;
  const verdict = VERDICTS[report.verdict];
  if (report.verdict === "broken") return [title, ...HEADER.slice(2).map(() => "-"), verdict];
  return [
    title,
    split(report.acknowledged_by),
    String(report.rows),
    split(report.missing),
    split(report.duplicates),
    shown(report.errors_percent),
    shown(report.recovery_s),
    verdict,
  ];
}

/** What held and what did not, with everything that was measured, as lines for people. */
export function details(report: FaultReport): readonly string[] {
  const figures = figuresOf(report);
  const lines = figures.map(
    ({ name, wanted, got, holds }) => `  ${holds ? "ok  " : "MISS"} ${name}: ${got} (wanted ${wanted})`,
  );
  const extra = Object.entries(report.measures).filter(([name]) => !figures.some((figure) => figure.name === name));
  for (const [name, value] of extra) lines.push(`       ${name}: ${shown(value)}`);
  const failures = failureTexts(report);
  if (failures.length > 0) lines.push(`       failures: ${failures.join(", ")}`);
  lines.push(
    `       p50/p99 ms ${latencyText(report)}`,
    `       requests ${String(report.requests)}, rows nobody was told of ${String(report.unanswered_rows)}, ` +
      `drained after ${shown(report.drain_s)} s, ${shown(report.seconds)} s in all`,
  );
  for (const surprise of report.surprises) lines.push(`       ${surprise}`);
  return [`${String(report.row)} ${report.name}: ${VERDICTS[report.verdict]}`, ...lines];
}

/** How requests failed, the most frequent way first. */
export function failureTexts({ failures }: FaultReport): readonly string[] {
  return Object.entries(failures).map(([kind, count]) => `${String(count)} × ${kind}`);
}

/** Median and p99 of the requests of each phase. */
export function latencyText({ latency_ms }: FaultReport): string {
  return PHASES.map((phase) => `${phase} ${millis(latency_ms[phase].p50)}/${millis(latency_ms[phase].p99)}`).join(", ");
}

function millis(value: number | null): string {
  return value === null ? "-" : value.toFixed(1);
}

/** The sum, and what it is made of where that is not plain. */
function split(counts: ByWord): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  if (parts.length === 0) return "0";
  return `${String(total(counts))} (${parts.map(([word, count]) => `${String(count)} ${word}`).join(", ")})`;
}

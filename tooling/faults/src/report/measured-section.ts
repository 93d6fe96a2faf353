import { readFileSync, writeFileSync } from "node:fs";
import { shown } from "../verdict/figure.ts";
import { figuresOf, type AnyReport, type FaultReport } from "./fault-report.ts";
import type { RunReport } from "./run-report.ts";
import { failureTexts, latencyText, markdownTable, verdictTable } from "./table.ts";

const BEGIN = "<!-- measured: written by `pnpm faults --markdown`, and only by that -->";
const END = "<!-- /measured -->";

/** How a run is shown in the documentation: how it was made, the tables, and what fell short. */
export function measuredSection(run: RunReport): string {
  return [
    howItWasMade(run),
    verdictTable(run.results),
    ...figures(run.results),
    "### What fell short",
    misses(run.results),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/**
 * Puts a text between the marks of a document.
 *
 * @throws Error when the document has no marks
 */
export function replaceSection(document: string, section: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`It has no section between ${BEGIN} and ${END}.`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${section}\n\n${document.slice(end)}`;
}

/**
 * Writes a run into a document.
 *
 * @throws Error when the document has no marks
 */
export function writeSection(file: string, run: RunReport): void {
  writeFileSync(file, replaceSection(readFileSync(file, "utf8"), measuredSection(run)));
}

function howItWasMade({ built, date, machine, quick, results, runs }: RunReport): string {
  const seeds = [...new Set(results.map(({ seed }) => String(seed)))];
  const minutes = results.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const passed = results.filter(({ verdict }) => verdict === "pass").length;
  const options = [...(quick ? ["--quick"] : []), ...(built ? ["--built"] : []), `--seed ${seeds[0] ?? "1"}`].join(" ");
  return [
    `${date.slice(0, 10)}, ${machine}${built ? ", as built" : ", from the sources"}${quick ? ", in short form" : ""},`,
    `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}: ${String(passed)} of ${String(results.length)} faults passed,`,
    `in ${minutes.toFixed(0)} minutes${runs === 1 ? "" : `, in ${String(runs)} runs on different states of the code`}. Again: \`pnpm build && pnpm faults ${options} --markdown docs/reliability.md\`.`,
  ].join(" ");
}

function figures(reports: readonly AnyReport[]): readonly string[] {
  const played = reports.filter((report) => report.verdict !== "broken");
  if (played.length === 0) return [];
  const rows = played.map((report) => [
    report.name,
    report.title,
    report.figures.map(({ got, name, wanted }) => `${name}: ${got} (${wanted})`).join("; ") || "-",
    latencyText(report),
  ]);
  return [
    "What happened, what had to hold besides (measured, and what was wanted in brackets), and how long requests took:",
    markdownTable(
      ["fault", "what happens", "figures", "p50/p99 ms"],
      rows.map((row) => row.map(escapeCell)),
    ),
  ];
}

function misses(reports: readonly AnyReport[]): string {
  const lines = reports.flatMap((report) => {
    if (report.verdict === "broken") return [`- **${report.name}** could not be played to its end: ${report.error}`];
    return figuresOf(report)
      .filter(({ holds }) => !holds)
      .map(({ got, name, wanted }) => `- **${report.name}**: ${name} ${got}, wanted ${wanted}${aside(report)}`);
  });
  return lines.length === 0 ? "Nothing: every figure held." : lines.join("\n");
}

function aside(report: FaultReport): string {
  const failures = failureTexts(report);
  const failed = failures.length === 0 ? "" : `; failures: ${failures.join(", ")}`;
  return ` (${shown(report.requests)} requests${failed})`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

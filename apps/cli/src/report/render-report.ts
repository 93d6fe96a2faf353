import { formatInstant } from "@lotty/domain";
import type { SampleRatioTest } from "@lotty/stats";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { type ExperimentReport, isSuspicious, type VariantLine } from "./experiment-report.ts";

const MICROS_PER_SECOND = 1_000_000;

/** A report as text for people. */
export function renderReport(report: ExperimentReport, location: string, paint: Paint): string {
  const { experiment, flagKey, from, reasons, to, variants } = report;
  const total = reasons.reduce((sum, { decisions }) => sum + decisions, 0);
  const occurred = reasons.filter(({ decisions }) => decisions > 0);
  return [
    `${paint("strong", visibleText(experiment.key))} on ${paint("strong", visibleText(flagKey))}: ` +
      `${experiment.status}, version ${experiment.version}`,
    paint("quiet", `${formatInstant(from)} to ${formatInstant(to)}, from ${visibleText(location)}${freshness(report)}`),
    "",
    ...aligned([
      ["variant", "subjects", "expected", "seen", "decisions"],
      ...variants.map(variantCells),
      ["", count(sumOf(variants, "subjects")), "", "", count(sumOf(variants, "decisions"))],
    ]),
    "",
    ...sampleRatioLines(report, paint),
    ...doubts(report).map((doubt) => paint("doubtful", doubt)),
    "",
    `${count(total)} decisions of ${visibleText(flagKey)} by reason:`,
    ...aligned(occurred.map(({ decisions, reason }) => [reason, count(decisions), percent(decisions / total)])),
  ].join("\n");
}

function freshness({ spread: { standby } }: ExperimentReport): string {
  if (standby === null) return "";
  if (standby.behindMicros === null) return ", a replica that has had no transaction yet";
  if (standby.behindMicros === 0) return ", a replica that is in step";
  return `, a replica whose newest transaction is ${(standby.behindMicros / MICROS_PER_SECOND).toFixed(1)} s old`;
}

function variantCells({ decisions, expectedShare, id, isControl, name, seenShare, subjects }: VariantLine): string[] {
  const title = name === null ? `${id} (removed)` : `${visibleText(name)}${isControl ? " (control)" : ""}`;
  return [
    title,
    count(subjects),
    percent(expectedShare),
    seenShare === null ? "-" : percent(seenShare),
    count(decisions),
  ];
}

function sampleRatioLines(report: ExperimentReport, paint: Paint): readonly string[] {
  const { sampleRatio } = report;
  if (sampleRatio.status === "no_data" || sampleRatio.status === "single_arm") {
    return ["Sample ratio: nothing to compare."];
  }
  const verdict = isSuspicious(report)
    ? paint("bad", "NOT as the weights say: do not trust results")
    : paint("good", "as the weights say");
  return [`Sample ratio: ${verdict} (${grounds(sampleRatio)})`];
}

/** What the verdict on the sample ratio rests on. */
function grounds(test: SampleRatioTest): string {
  if (test.status !== "ok") return "a variant without a weight has subjects";
  const { chiSquared, df, p } = test;
  return `chi-square ${chiSquared.toFixed(2)}, ${df} degree${df === 1 ? "" : "s"} of freedom, p = ${shortP(p)}`;
}

function doubts({ experiment, spread }: ExperimentReport): readonly string[] {
  const { subjectsInSeveralVariants: several, versions } = spread;
  const found: string[] = [];
  if (several > 0) found.push(`${count(several)} subjects were given more than one variant and count for each.`);
  if (versions !== null && (versions.oldest !== versions.newest || versions.newest !== experiment.version)) {
    const range =
      versions.oldest === versions.newest ? `${versions.oldest}` : `${versions.oldest} to ${versions.newest}`;
    found.push(
      `Assigned by version ${range}; the expected shares are by the weights of version ${experiment.version}.`,
    );
  }
  return found;
}

function sumOf(variants: readonly VariantLine[], field: "subjects" | "decisions"): number {
  return variants.reduce((sum, variant) => sum + variant[field], 0);
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function shortP(value: number): string {
  return value !== 0 && value < 0.0001 ? value.toExponential(1) : value.toFixed(4);
}

/** Columns of even width: the first to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

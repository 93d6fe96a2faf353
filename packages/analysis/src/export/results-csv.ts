import type { ExperimentReport, MetricResult, VariantResult } from "@lotty/domain";

/** Spreadsheets take a cell that begins with one of these for a formula; the wide forms are treated as the plain ones. */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

type Cell = string | number | boolean | null;

/** A column with what it shows of a variant of a metric. */
type Column = readonly [name: string, of: (row: Row) => Cell];

interface Row {
  readonly report: ExperimentReport;
  readonly metric: MetricResult;
  readonly variant: VariantResult;
}

const COLUMNS: readonly Column[] = [
  ["experiment", ({ report }) => report.experimentKey],
  ["plan_hash", ({ report }) => report.planHash],
  ["metric", ({ metric }) => metric.metric.key],
  ["metric_version", ({ metric }) => metric.metric.version],
  ["role", ({ metric }) => metric.role],
  ["through", ({ metric }) => metric.through],
  ["variant", ({ report, variant }) => report.variants.find(({ id }) => id === variant.variantId)?.name ?? null],
  ["variant_id", ({ variant }) => variant.variantId],
  ["n", ({ variant }) => variant.n],
  ["value", ({ variant }) => variant.value],
  ["status", ({ variant }) => variant.effect?.status ?? null],
  ["diff", ({ variant }) => variant.effect?.diff ?? null],
  ["se", ({ variant }) => variant.effect?.se ?? null],
  ["low", ({ variant }) => variant.effect?.interval?.low ?? null],
  ["high", ({ variant }) => variant.effect?.interval?.high ?? null],
  ["lift", ({ variant }) => variant.effect?.lift?.value ?? null],
  ["lift_low", ({ variant }) => variant.effect?.lift?.interval?.low ?? null],
  ["lift_high", ({ variant }) => variant.effect?.lift?.interval?.high ?? null],
  ["p", ({ variant }) => variant.effect?.p ?? null],
  ["log10_p", ({ variant }) => variant.effect?.log10P ?? null],
  ["corrected_p", ({ variant }) => variant.effect?.correctedP ?? null],
  ["significant", ({ variant }) => variant.effect?.significant ?? null],
  ["better", ({ variant }) => variant.effect?.better ?? null],
  ["variance_reduction", ({ variant }) => variant.effect?.varianceReduction ?? null],
  ["power", ({ variant }) => variant.effect?.power ?? null],
  ["minimum_detectable", ({ variant }) => variant.effect?.minimumDetectable ?? null],
  ["margin", ({ variant }) => variant.effect?.guardrail?.margin ?? null],
  ["guardrail", ({ variant }) => variant.effect?.guardrail?.verdict ?? null],
];

/**
 * Results as CSV (RFC 4180), a line for each variant of each metric. Texts that a spreadsheet would take for a formula begin with an apostrophe;
 * numbers are written as they are.
 */
export function resultsCsv(report: ExperimentReport): string {
  const rows = report.metrics.flatMap((metric) => metric.variants.map((variant): Row => ({ report, metric, variant })));
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, of]) => of(row)))];
  return lines.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const safe = FORMULA_START.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}

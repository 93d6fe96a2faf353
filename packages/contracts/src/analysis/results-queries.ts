import { type Instant, parseInstant } from "@lotty/domain";
import { z } from "zod";
import { idField, nameField } from "../control/control-fields.ts";
import { wholeText } from "../control/control-queries.ts";
import type { Read } from "../read-request.ts";
import { readQuery } from "../records/record-queries.ts";

/** The query of `GET /v1/experiments/{experiment_id}/results`. */
export interface ResultsQuery {
  readonly from?: Instant;
  readonly to?: Instant;
  /** Ids of variants, with commas between them. */
  readonly variants?: readonly string[];
  readonly segment?: string;
  /** Standard deviation of the prior of lifts. */
  readonly prior?: number;
}

/** A date, or a date and time, in a query. */
export const momentQuerySchema: z.ZodType<Instant, string> = z.string().transform((text, context) => {
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (instant !== undefined) return instant;
  context.issues.push({ code: "custom", message: "must be a date, or an RFC 3339 date and time", input: text });
  return z.NEVER;
});

/** Ids in a query, with commas between them. */
export const idsQuerySchema: z.ZodType<readonly string[], string> = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(idField).max(100));

/** The standard deviation of a prior, in a query. */
export const priorQuerySchema: z.ZodType<number, string> = z.string().transform((text, context) => {
  const sd = /^\d{1,9}(\.\d{1,12})?$/.test(text) ? Number(text) : 0;
  if (sd >= SMALLEST_PRIOR && sd <= LARGEST_PRIOR) return sd;
  const message = `must be a number from ${String(SMALLEST_PRIOR)} to ${String(LARGEST_PRIOR)}`;
  context.issues.push({ code: "custom", message, input: text });
  return z.NEVER;
});

/** Below this nothing can be learned, above it nothing is believed. */
const SMALLEST_PRIOR = 1e-4;
const LARGEST_PRIOR = 100;

const results = {
  from: momentQuerySchema.exactOptional(),
  to: momentQuerySchema.exactOptional(),
  variants: idsQuerySchema.exactOptional(),
  segment: nameField.exactOptional(),
  prior: priorQuerySchema.exactOptional(),
};

const resultsQuery: z.ZodType<ResultsQuery> = z.strictObject(results);

/** Reads the query of `GET /v1/experiments/{experiment_id}/results`. */
export function readResultsQuery(query: URLSearchParams): Read<ResultsQuery> {
  return readQuery(resultsQuery, query);
}

/** The query of `GET /v1/experiments/{experiment_id}/results/ledger`. */
export interface LedgerQuery {
  readonly metric: string;
  readonly variant: string;
  readonly after?: string;
  readonly limit: number;
}

/** Size of a page of the ledger. */
export const ledgerLimitSchema: z.ZodType<number, string> = wholeText(1, 1_000);

/** Lines on a page of the ledger when nothing is said. */
export const DEFAULT_LEDGER_LINES = 100;

const ledgerQuery: z.ZodType<LedgerQuery> = z.strictObject({
  metric: nameField,
  variant: idField,
  after: z.string().max(1_024).exactOptional(),
  limit: ledgerLimitSchema.prefault(String(DEFAULT_LEDGER_LINES)),
});

/** Reads the query of `GET /v1/experiments/{experiment_id}/results/ledger`. */
export function readLedgerQuery(query: URLSearchParams): Read<LedgerQuery> {
  return readQuery(ledgerQuery, query);
}

/** The query of `GET /v1/experiments/{experiment_id}/results/export`. */
export interface ExportResultsQuery extends ResultsQuery {
  readonly format: "csv" | "json";
}

/** How results can be exported. */
export const exportFormatSchema: z.ZodType<"csv" | "json", "csv" | "json"> = z.enum(["csv", "json"], {
  error: "must be csv or json",
});

const exportQuery: z.ZodType<ExportResultsQuery> = z.strictObject({
  ...results,
  format: exportFormatSchema.prefault("csv"),
});

/** Reads the query of `GET /v1/experiments/{experiment_id}/results/export`. */
export function readExportResultsQuery(query: URLSearchParams): Read<ExportResultsQuery> {
  return readQuery(exportQuery, query);
}

/** The query of `GET /v1/experiments/{experiment_id}/results/plots/cumulative.svg`. */
export interface CumulativeQuery extends ResultsQuery {
  /** Key of the metric. */
  readonly metric?: string;
  readonly variant?: string;
}

const cumulativeQuery: z.ZodType<CumulativeQuery> = z.strictObject({
  metric: nameField.exactOptional(),
  variant: idField.exactOptional(),
});

/** Reads the query of `GET /v1/experiments/{experiment_id}/results/plots/cumulative.svg`. */
export function readCumulativeQuery(query: URLSearchParams): Read<CumulativeQuery> {
  return readQuery(cumulativeQuery, query);
}

import { EXPERIMENT_STATUSES, type ExperimentStatus } from "@lotty/domain";
import { z } from "zod";
import type { Read } from "../read-request.ts";
import { cursorSchema, DEFAULT_PAGE_SIZE, pageSizeSchema, readQuery } from "../records/record-queries.ts";
import { idField, nameField } from "./control-fields.ts";

/** Most days that questions about the past take. */
const MAX_DAYS = 3_650;

/** A whole number in a query. */
export function wholeText(min: number, max: number): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (value >= min && value <= max) return value;
    context.issues.push({ code: "custom", message: `must be a whole number from ${min} to ${max}`, input: text });
    return z.NEVER;
  });
}

/** `If-Match`: the tag of a version, or `*`. */
export const ifMatchSchema: z.ZodType<string> = z.string().meta({ examples: ['"3"'] });

/** A number of days in a query. */
export const daysQuerySchema: z.ZodType<number, string> = wholeText(1, MAX_DAYS);

/** A version in a query. */
export const versionQuerySchema: z.ZodType<number, string> = wholeText(1, 2_147_483_647);

/** True or false in a query. */
export const yesOrNoQuerySchema: z.ZodType<boolean, string> = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((word) => word === "true");

/** Where a page goes on in something that is counted. */
const PLACE = /^p1_(\d{1,15})$/;

/** Where the next page goes on, for the wire: opaque to callers. */
export function placeCursor(place: number): string {
  return `p1_${place}`;
}

/** What {@link placeCursor} made. */
export const placeCursorSchema: z.ZodType<number, string> = z.string().transform((text, context) => {
  const digits = PLACE.exec(text)?.[1];
  if (digits !== undefined) return Number(digits);
  context.issues.push({ code: "custom", message: "must be the next_cursor of a page", input: text });
  return z.NEVER;
});

/** The query of `GET /v1/flags`. */
export interface FlagsQuery {
  readonly key?: string;
  readonly tag?: string;
  readonly owner?: string;
  readonly archived?: boolean;
  /** Only flags that nobody has needed for so many days. */
  readonly stale_days?: number;
  readonly limit: number;
  /** Id of the flag after which the page begins. */
  readonly cursor?: string;
}

const page = { limit: pageSizeSchema.prefault(String(DEFAULT_PAGE_SIZE)), cursor: cursorSchema.exactOptional() };

const flagsQuery: z.ZodType<FlagsQuery> = z.strictObject({
  key: nameField.exactOptional(),
  tag: nameField.exactOptional(),
  owner: nameField.exactOptional(),
  archived: yesOrNoQuerySchema.exactOptional(),
  stale_days: daysQuerySchema.exactOptional(),
  ...page,
});

/** The query of `GET /v1/experiments`. */
export interface ExperimentsQuery {
  readonly key?: string;
  readonly status?: ExperimentStatus;
  readonly flag_id?: string;
  readonly limit: number;
  /** Id of the experiment after which the page begins. */
  readonly cursor?: string;
}

/** A status in a query. */
export const statusQuerySchema: z.ZodType<ExperimentStatus, string> = z.enum(EXPERIMENT_STATUSES, {
  error: "must be a status of experiments",
});

const experimentsQuery: z.ZodType<ExperimentsQuery> = z.strictObject({
  key: nameField.exactOptional(),
  status: statusQuerySchema.exactOptional(),
  flag_id: idField.exactOptional(),
  ...page,
});

/** The query of `GET /v1/flags/{flag_id}/versions`. */
export interface VersionsQuery {
  readonly limit: number;
  /** Version before which the page begins. */
  readonly cursor?: number;
}

/** Most versions on one page: each is a look-up. */
export const MAX_VERSIONS = 50;

/** Versions on a page when nothing is said. */
export const DEFAULT_VERSIONS = 20;

/** Size of a page of versions. */
export const versionsLimitSchema: z.ZodType<number, string> = wholeText(1, MAX_VERSIONS);

const versionsQuery: z.ZodType<VersionsQuery> = z.strictObject({
  limit: versionsLimitSchema.prefault(String(DEFAULT_VERSIONS)),
  cursor: placeCursorSchema.exactOptional(),
});

/** The query of `GET /v1/flags/{flag_id}/diff`. */
export interface DiffQuery {
  readonly from: number;
  readonly to: number;
}

const diffQuery: z.ZodType<DiffQuery> = z.strictObject({ from: versionQuerySchema, to: versionQuerySchema });

/** A number of days. */
export interface DaysQuery {
  readonly days: number;
}

/** Days that are looked at when nothing is said. */
export const DEFAULT_LOOK_BACK_DAYS = 30;

const daysQuery: z.ZodType<DaysQuery> = z.strictObject({
  days: daysQuerySchema.prefault(String(DEFAULT_LOOK_BACK_DAYS)),
});

/** The query of `GET /v1/metrics/{metric_id}`. */
export interface MetricQuery {
  readonly version?: number;
}

const metricQuery: z.ZodType<MetricQuery> = z.strictObject({ version: versionQuerySchema.exactOptional() });

/** Reads the query of `GET /v1/metrics/{metric_id}`. */
export function readMetricQuery(query: URLSearchParams): Read<MetricQuery> {
  return readQuery(metricQuery, query);
}

/** Reads the query of `GET /v1/flags`. */
export function readFlagsQuery(query: URLSearchParams): Read<FlagsQuery> {
  return readQuery(flagsQuery, query);
}

/** Reads the query of `GET /v1/experiments`. */
export function readExperimentsQuery(query: URLSearchParams): Read<ExperimentsQuery> {
  return readQuery(experimentsQuery, query);
}

/** Reads the query of `GET /v1/flags/{flag_id}/versions`. */
export function readVersionsQuery(query: URLSearchParams): Read<VersionsQuery> {
  return readQuery(versionsQuery, query);
}

/** Reads the query of `GET /v1/flags/{flag_id}/diff`. */
export function readDiffQuery(query: URLSearchParams): Read<DiffQuery> {
  return readQuery(diffQuery, query);
}

/** Reads a query that says how many days to look back, {@link DEFAULT_LOOK_BACK_DAYS} when it does not. */
export function readDaysQuery(query: URLSearchParams): Read<DaysQuery> {
  return readQuery(daysQuery, query);
}

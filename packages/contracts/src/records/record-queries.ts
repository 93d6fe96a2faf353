import { type Instant, type JsonObject, MICROS_PER_DAY, parseInstant } from "@lotty/domain";
import { z } from "zod";
import { type Read, readWith } from "../read-request.ts";
import { attributesSchema, flagKeySchema, subjectIdSchema, typeMessage } from "../request-fields.ts";

/** Most decisions on one page. */
export const MAX_PAGE_SIZE = 500;

/** Decisions on a page when nothing is said. */
export const DEFAULT_PAGE_SIZE = 50;

/** Days that are looked at when no beginning is given. */
export const DEFAULT_DAYS = 7;

const CURSOR = /^d1_([\da-f]{32})$/;

/** Where the next page goes on, for the wire: opaque to callers. */
export function cursorOf(decisionId: string): string {
  return `d1_${decisionId.replaceAll("-", "")}`;
}

/** A text of a query, as its description has it. */
export const textSchema: z.ZodType<string, string> = z.string().min(1);

/** A UUID in any case; the store has them in lower case. */
export const recordIdSchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a UUID") })
  .regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, { error: "must be a UUID" })
  .transform((id) => id.toLowerCase());

/** A time as RFC 3339 has it. */
export const timeSchema: z.ZodType<Instant, string> = z.string().transform((text, context) => {
  const instant = parseInstant(text);
  if (instant !== undefined && instant >= 0) return instant;
  context.issues.push({ code: "custom", message: "must be a time such as 2026-05-01T12:00:00Z", input: text });
  return z.NEVER;
});

/** Size of a page. */
export const pageSizeSchema: z.ZodType<number, string> = z.string().transform((text, context) => {
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= MAX_PAGE_SIZE) return size;
  context.issues.push({ code: "custom", message: `must be a whole number from 1 to ${MAX_PAGE_SIZE}`, input: text });
  return z.NEVER;
});

/** What {@link cursorOf} made. */
export const cursorSchema: z.ZodType<string, string> = z.string().transform((text, context) => {
  const hex = CURSOR.exec(text)?.[1];
  if (hex !== undefined) return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  context.issues.push({ code: "custom", message: "must be the next_cursor of a page", input: text });
  return z.NEVER;
});

/** The query of `GET /v1/decisions`. */
export interface DecisionsQuery {
  readonly subject_id?: string;
  readonly experiment_id?: string;
  readonly flag?: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly limit: number;
  /** Id of the decision before which the page begins. */
  readonly cursor?: string;
}

const decisionsQuerySchema = z.strictObject({
  subject_id: subjectIdSchema.exactOptional(),
  experiment_id: recordIdSchema.exactOptional(),
  flag: flagKeySchema.exactOptional(),
  from: timeSchema.exactOptional(),
  to: timeSchema.exactOptional(),
  limit: pageSizeSchema.exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

/** Reads the query of `GET /v1/decisions`. Without a beginning it is {@link DEFAULT_DAYS} days before the end; the end is now. */
export function readDecisionsQuery(query: URLSearchParams, now: Instant): Read<DecisionsQuery> {
  const read = readQuery(decisionsQuerySchema, query);
  if (!read.ok) return read;
  // A clock that is a little ahead must not hide the newest.
  const to = read.request.to ?? now + MICROS_PER_DAY;
  const from = read.request.from ?? Math.max(0, to - (DEFAULT_DAYS + 1) * MICROS_PER_DAY);
  if (from >= to) return { ok: false, faults: [{ path: "/from", message: "must be before the end of the span" }] };
  return { ok: true, request: { ...read.request, from, to, limit: read.request.limit ?? DEFAULT_PAGE_SIZE } };
}

const subjectQuerySchema = z.strictObject({ subject_id: subjectIdSchema });

/** Reads the query of `GET` and `DELETE /v1/subjects`. */
export function readSubjectQuery(query: URLSearchParams): Read<{ readonly subject_id: string }> {
  return readQuery(subjectQuerySchema, query);
}

/** Body of `POST /v1/decisions/{decision_id}/replay`. */
export interface ReplayRequest {
  /** Those that the decision was asked with; absent when they are not known. */
  readonly attributes?: JsonObject;
}

/** Schema of {@link ReplayRequest}. */
export const replayRequestSchema: z.ZodType<ReplayRequest> = z
  .strictObject({ attributes: attributesSchema.exactOptional() }, { error: typeMessage("an object") })
  .meta({ id: "ReplayRequest" });

/** Reads the body of `POST /v1/decisions/{decision_id}/replay`. */
export function readReplayRequest(body: unknown): Read<ReplayRequest> {
  return readWith(replayRequestSchema, body);
}

/** Reads a query by a schema. Each parameter may be there once. */
export function readQuery<T>(schema: z.ZodType<T>, query: URLSearchParams): Read<T> {
  if (new Set(query.keys()).size !== query.size) {
    return { ok: false, faults: [{ path: "", message: "has a parameter twice" }] };
  }
  return readWith(schema, Object.fromEntries(query));
}

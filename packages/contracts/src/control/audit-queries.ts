import { AUDITED_KINDS, type AuditedKind, type Instant } from "@lotty/domain";
import { z } from "zod";
import type { Read } from "../read-request.ts";
import { DEFAULT_PAGE_SIZE, pageSizeSchema, readQuery, timeSchema } from "../records/record-queries.ts";
import { nameField } from "./control-fields.ts";
import { placeCursorSchema, wholeText } from "./control-queries.ts";

/** Which entries of the audit record are asked for. */
export interface AuditFilter {
  readonly kind?: AuditedKind;
  readonly entity_id?: string;
  readonly actor_id?: string;
  readonly action?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** A kind of thing in a query. */
export const kindQuerySchema: z.ZodType<AuditedKind, string> = z.enum(AUDITED_KINDS, {
  error: "must be a kind of thing that is on record",
});

const auditFilter = {
  kind: kindQuerySchema.exactOptional(),
  entity_id: nameField.exactOptional(),
  actor_id: nameField.exactOptional(),
  action: nameField.exactOptional(),
  from: timeSchema.exactOptional(),
  to: timeSchema.exactOptional(),
};

/** The query of `GET /v1/audit`. */
export interface AuditQuery extends AuditFilter {
  readonly limit: number;
  /** Place in the chain before which the page begins. */
  readonly cursor?: number;
}

const auditQuery: z.ZodType<AuditQuery> = z.strictObject({
  ...auditFilter,
  limit: pageSizeSchema.prefault(String(DEFAULT_PAGE_SIZE)),
  cursor: placeCursorSchema.exactOptional(),
});

/** Forms of an export. */
export const EXPORT_FORMATS = ["ndjson", "csv"] as const;

/** The query of `GET /v1/audit/export`. */
export interface AuditExportQuery extends AuditFilter {
  readonly format: (typeof EXPORT_FORMATS)[number];
}

/** The form of an export. */
export const exportFormatSchema: z.ZodType<AuditExportQuery["format"], string> = z.enum(EXPORT_FORMATS, {
  error: `must be ${EXPORT_FORMATS.join(" or ")}`,
});

const auditExportQuery: z.ZodType<AuditExportQuery> = z.strictObject({
  ...auditFilter,
  format: exportFormatSchema.prefault("ndjson"),
});

/** The query of `GET /v1/audit/verify`: the end that the chain is known to have, if the caller has kept it. */
export interface AuditVerifyQuery {
  readonly sequence?: number;
  readonly hash?: string;
}

/** Place of an entry in a query. */
export const sequenceQuerySchema: z.ZodType<number, string> = wholeText(0, Number.MAX_SAFE_INTEGER);

/** Hash of an entry in a query. */
export const hashQuerySchema: z.ZodType<string, string> = z
  .string()
  .regex(/^[\da-f]{64}$/, { error: "must be a SHA-256 in lower-case hex" });

const auditVerifyQuery: z.ZodType<AuditVerifyQuery> = z
  .strictObject({ sequence: sequenceQuerySchema.exactOptional(), hash: hashQuerySchema.exactOptional() })
  .refine(({ hash, sequence }) => (hash === undefined) === (sequence === undefined), {
    error: "must have sequence and hash, or neither",
  });

/** Reads the query of `GET /v1/audit`. */
export function readAuditQuery(query: URLSearchParams): Read<AuditQuery> {
  return readQuery(auditQuery, query);
}

/** Reads the query of `GET /v1/audit/export`. */
export function readAuditExportQuery(query: URLSearchParams): Read<AuditExportQuery> {
  return readQuery(auditExportQuery, query);
}

/** Reads the query of `GET /v1/audit/verify`. */
export function readAuditVerifyQuery(query: URLSearchParams): Read<AuditVerifyQuery> {
  return readQuery(auditVerifyQuery, query);
}

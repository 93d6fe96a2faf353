import { formatInstant, type AuditEntry } from "@lotty/domain";

/** Spreadsheets take a cell that begins with one of these for a formula; the wide forms are treated as the plain ones. */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

const COLUMNS = [
  "sequence",
  "id",
  "at",
  "actor_id",
  "actor_name",
  "actor_kind",
  "from",
  "action",
  "entity_kind",
  "entity_id",
  "entity_key",
  "environment_id",
  "before",
  "after",
  "previous_hash",
  "hash",
] as const;

/** The first line of the entries as CSV, with its line end. */
export const AUDIT_CSV_HEADER: string = csvLine(COLUMNS);

/**
 * One entry as a line of CSV (RFC 4180, with its line end). A cell that a spreadsheet would take for a formula begins with an
 * apostrophe, so the file is for reading: to check a chain, export NDJSON.
 */
export function auditCsvLine(entry: AuditEntry): string {
  const row = wireForm(entry);
  return csvLine(
    COLUMNS.map((column) => {
      const value = row[column];
      if (value === null) return "";
      return typeof value === "string" ? value : JSON.stringify(value);
    }),
  );
}

/** One entry as a line of NDJSON, with its line end. */
export function auditNdjsonLine(entry: AuditEntry): string {
  return `${JSON.stringify(wireForm(entry))}\n`;
}

function wireForm(entry: AuditEntry): Readonly<Record<(typeof COLUMNS)[number], unknown>> {
  return {
    sequence: entry.sequence,
    id: entry.id,
    at: formatInstant(entry.at),
    actor_id: entry.actor.id,
    actor_name: entry.actor.name,
    actor_kind: entry.actor.kind,
    from: entry.from,
    action: entry.action,
    entity_kind: entry.entity.kind,
    entity_id: entry.entity.id,
    entity_key: entry.entity.key,
    environment_id: entry.environmentId,
    before: entry.before,
    after: entry.after,
    previous_hash: entry.previousHash,
    hash: entry.hash,
  };
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(text: string): string {
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

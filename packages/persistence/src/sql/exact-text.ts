/**
 * SQL that reads a text column exactly, under its own name. PGlite drops a byte order mark at the front of every value that
 * it decodes; as JSON the value starts with a quotation mark instead.
 */
export function exactText(column: string): string {
  return `to_json(${column}) AS ${column}`;
}

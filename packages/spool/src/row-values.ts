import type { SQLOutputValue } from "node:sqlite";

/** A text column that may be empty. */
export function textOrNull(value: SQLOutputValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** A number column that may be empty. */
export function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

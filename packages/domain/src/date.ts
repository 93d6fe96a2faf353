import { parseInstant, type Instant } from "./instant.ts";

const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads an RFC 3339 date-time, or a date alone as its midnight in UTC; `undefined` when the text is neither. */
export function parseDate(text: string): Instant | undefined {
  return parseInstant(DATE_ALONE.test(text) ? `${text}T00:00:00Z` : text);
}

import { randomUUID } from "node:crypto";

/** Header that carries the id of a request in both directions, lower-case as Node gives it. */
export const REQUEST_ID_HEADER = "x-request-id";

// Ids end up in logs and headers: only characters that mean nothing anywhere, and no more than a trace id needs.
const SANE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The caller's request id if it is sane, else a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === "string" && SANE_ID.test(header) ? header : randomUUID();
}

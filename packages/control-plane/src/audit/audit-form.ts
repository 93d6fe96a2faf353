import type { JsonValue } from "@lotty/domain";

/** Names of fields, in lower case and without `_` and `-`, whose values never get on record. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  "apikey",
  "authorization",
  "clientsecret",
  "cookie",
  "keyhash",
  "password",
  "passwordhash",
  "privatekey",
  "recoverycode",
  "secret",
  "secrethash",
  "sessionid",
  "token",
  "tokenhash",
]);

const REDACTED = "[redacted]";

/**
 * A record as it is put on record: plain JSON in which whatever is named like a secret is blanked out, however deep it is. Numbers
 * that JSON does not have become `null`, as do fields that are `undefined`.
 */
export function auditForm(record: unknown): JsonValue {
  if (typeof record === "string" || typeof record === "boolean") return record;
  if (typeof record === "number") return Number.isFinite(record) ? record : null;
  if (Array.isArray(record)) return record.map((each: unknown) => auditForm(each));
  if (typeof record !== "object" || record === null) return null;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => [
      name,
      isSecret(name) && value !== null ? REDACTED : auditForm(value),
    ]),
  );
}

function isSecret(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replaceAll(/[_-]/g, ""));
}

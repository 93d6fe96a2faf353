import type { Migration } from "./migration.ts";

/**
 * Requests that are carried out once, with their answers. Of the key that a caller chose, and of what was asked for, only
 * digests are here; answers are kept without secrets. A request without an answer is being carried out, or was abandoned.
 */
export const idempotency: Migration = {
  name: "0010_idempotency",
  sql: `
CREATE TABLE idempotent_requests (
  caller text COLLATE "C" NOT NULL,
  key_digest bytea NOT NULL CHECK (length(key_digest) = 32),
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
  began_at timestamptz NOT NULL,
  answer json,
  PRIMARY KEY (caller, key_digest)
);
CREATE INDEX idempotent_requests_began ON idempotent_requests (began_at);
`,
};

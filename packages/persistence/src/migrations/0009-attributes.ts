import type { Migration } from "./migration.ts";

/**
 * Attributes of recorded decisions, where they are recorded in full: each distinct set of a subject once.
 *
 * A set belongs to one subject, also when others have the same, so that erasing a subject can remove all that is known of it.
 * `last_named_on` is the newest day, in UTC, of a decision that names the set; it tells which sets outlive the partitions of
 * the log that are kept, and changes in place (no index has it). The text is canonical JSON, which is ASCII.
 */
export const attributes: Migration = {
  name: "0009_attributes",
  sql: `
CREATE TABLE attribute_sets (
  environment_id uuid NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  last_named_on date NOT NULL,
  attributes text NOT NULL,
  PRIMARY KEY (environment_id, subject_id, digest)
) WITH (fillfactor = 90);
COMMENT ON TABLE attribute_sets IS 'Attributes of recorded decisions, which name them by their digest: personal data';
`,
};

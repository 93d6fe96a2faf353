import type { Migration } from "./migration.ts";

/**
 * What it takes to look back: conflict domains as they were, and a note of every erasure.
 *
 * The domains that there are get the revision at which they were last written, so that decisions since then can be replayed.
 * Erased subjects are noted by a hash with a key of this database: who knows an id can ask whether it was erased, and a list of
 * likely ids tells nothing without the key.
 */
export const decisionsOnRecord: Migration = {
  name: "0006_decisions_on_record",
  sql: `
CREATE TABLE domain_versions (
  environment_id uuid NOT NULL REFERENCES environments,
  domain_id uuid NOT NULL,
  revision bigint NOT NULL,
  definition json NOT NULL,
  PRIMARY KEY (domain_id, revision)
);
COMMENT ON TABLE domain_versions IS 'Every conflict domain with its members as it was written, by the revision that wrote it';

INSERT INTO domain_versions (environment_id, domain_id, revision, definition)
SELECT d.environment_id, d.id,
  coalesce((
    SELECT max(l.revision)
    FROM change_log AS l CROSS JOIN LATERAL json_array_elements_text(l.changes -> 'put_domains') AS put (id)
    WHERE l.environment_id = d.environment_id AND put.id = d.id::text
  ), 0),
  json_build_object('id', d.id, 'key', d.key, 'members', coalesce((
    SELECT json_agg(json_build_object('experimentId', m.experiment_id, 'priority', m.priority) ORDER BY m.experiment_id)
    FROM domain_members AS m WHERE m.domain_id = d.id
  ), '[]'))
FROM conflict_domains AS d;

CREATE TABLE erasure_key (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  key bytea NOT NULL CHECK (octet_length(key) = 32)
);
INSERT INTO erasure_key (key)
VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

CREATE TABLE erasures (
  erasure_id uuid PRIMARY KEY,
  environment_id uuid NOT NULL REFERENCES environments,
  subject_hash bytea NOT NULL CHECK (octet_length(subject_hash) = 32),
  erased_at timestamptz NOT NULL,
  erased_by text NOT NULL,
  decisions bigint NOT NULL CHECK (decisions >= 0),
  assignments bigint NOT NULL CHECK (assignments >= 0)
);
CREATE INDEX erasures_subject ON erasures (environment_id, subject_hash, erased_at);
`,
};

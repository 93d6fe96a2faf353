import type { Migration } from "./migration.ts";

/**
 * More than one environment. What a flag is (key, type, what is said about it) moves to `flag_identities`, one row for all
 * environments; `flags` keeps its state in each. The copy of key and type there lets the configuration of an environment be
 * read from one table, and the reference keeps it true.
 *
 * Ids of flags are unique in an environment only. Processes of the versions before go on reading and deciding; they can
 * no longer write flags or look up what is said about them.
 */
export const environments: Migration = {
  name: "0011_environments",
  sql: `
ALTER TABLE environments ADD COLUMN archived_at timestamptz;

CREATE TABLE flag_identities (
  id uuid PRIMARY KEY,
  key text COLLATE "C" NOT NULL,
  value_type text NOT NULL CHECK (value_type IN ('boolean', 'string', 'number', 'json')),
  description json,
  owner json,
  tags json,
  value_schema json,
  archived_at timestamptz,
  UNIQUE (key) DEFERRABLE,
  UNIQUE (id, key, value_type)
);
COMMENT ON TABLE flag_identities IS 'Flags as they are in all environments. Without tags nothing was ever said about a flag';
INSERT INTO flag_identities (id, key, value_type, description, owner, tags, value_schema, archived_at)
SELECT f.id, f.key, f.value_type, d.description, d.owner, d.tags, d.value_schema, d.archived_at
FROM flags AS f LEFT JOIN flag_details AS d ON d.environment_id = f.environment_id AND d.flag_id = f.id;
DROP TABLE flag_details;

ALTER TABLE flags DROP CONSTRAINT flags_pkey;
ALTER TABLE flags ADD PRIMARY KEY (environment_id, id);
ALTER TABLE flags ADD CONSTRAINT flags_identity FOREIGN KEY (id, key, value_type)
  REFERENCES flag_identities (id, key, value_type) DEFERRABLE;
CREATE INDEX flags_identity_index ON flags (id);

ALTER TABLE flag_versions DROP CONSTRAINT flag_versions_pkey;
ALTER TABLE flag_versions ADD PRIMARY KEY (environment_id, flag_id, revision);

DROP INDEX experiments_one_active_per_flag;
CREATE UNIQUE INDEX experiments_one_active_per_flag ON experiments (environment_id, flag_id)
  WHERE status IN ('running', 'paused');
`,
};

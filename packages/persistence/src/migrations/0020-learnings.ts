import type { Migration } from "./migration.ts";

/**
 * What was learned from experiments, which outlives them. `record` has everything as it is; the other columns are for finding it.
 * The words that people search for are those of English, reduced to their stems; other languages are found by whole words.
 */
export const learnings: Migration = {
  name: "0020_learnings",
  sql: `
CREATE TABLE learnings (
  environment_id uuid NOT NULL REFERENCES environments,
  id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  outcome text NOT NULL,
  tags text[] COLLATE "C" NOT NULL,
  completed_at timestamptz NOT NULL,
  record json NOT NULL,
  headline text NOT NULL,
  body text NOT NULL,
  search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('pg_catalog.english'::regconfig, headline), 'A')
    || setweight(to_tsvector('pg_catalog.english'::regconfig, body), 'B')
  ) STORED,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, experiment_id)
);
CREATE INDEX learnings_search ON learnings USING gin (search);
CREATE INDEX learnings_time ON learnings (environment_id, completed_at DESC, id DESC);
`,
};

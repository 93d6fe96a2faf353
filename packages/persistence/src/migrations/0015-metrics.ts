import type { Migration } from "./migration.ts";

/**
 * The catalogue of metrics. Every version of a metric stays: results that were measured by it have to be read by it.
 *
 * Definitions are `json`, as the domain has them: they are read and written whole.
 */
export const metrics: Migration = {
  name: "0015_metrics",
  sql: `
CREATE TABLE metrics (
  environment_id uuid NOT NULL REFERENCES environments,
  id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, key) DEFERRABLE
);
COMMENT ON COLUMN metrics.version IS 'The current one';

CREATE TABLE metric_versions (
  environment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  name json NOT NULL,
  description json,
  owner json,
  tags json NOT NULL,
  definition json NOT NULL,
  updated_at timestamptz NOT NULL,
  archived_at timestamptz,
  PRIMARY KEY (environment_id, metric_id, version),
  FOREIGN KEY (environment_id, metric_id) REFERENCES metrics (environment_id, id) DEFERRABLE
);
`,
};

import type { Migration } from "./migration.ts";

/**
 * Sums of days by segment, for the segments that a plan names, beside those that take all segments together. They come and go with the rows of
 * `rollups`: a day that is named in `stale_rollups` is passed over in both.
 *
 * `measured_segments` has what a metric's days are split by. A segment that comes later makes all days of the metric stale, so that a day that
 * is not has the sums of every segment.
 */
export const segmentRollups: Migration = {
  name: "0023_segment_rollups",
  sql: `
CREATE TABLE measured_segments (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  metric_version integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, metric_id, metric_version, name)
);

CREATE TABLE segment_rollups (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  metric_version integer NOT NULL,
  cohort_day date NOT NULL,
  variant_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  segment text COLLATE "C",
  n bigint NOT NULL CHECK (n >= 1),
  mean double precision[] NOT NULL,
  m2 double precision[] NOT NULL
);
CREATE INDEX segment_rollups_day ON segment_rollups (environment_id, experiment_id, metric_id, metric_version, cohort_day);
COMMENT ON COLUMN segment_rollups.segment IS 'null: subjects that are in no segment of the name';
`,
};

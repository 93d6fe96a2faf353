import type { Migration } from "./migration.ts";

/**
 * What metrics measured: of each exposed subject, and of all subjects of a variant that were first exposed on a day.
 *
 * Everything here is computed from events and first exposures and can be computed anew. `subject_metrics` is written again and again
 * while windows are open: no column of an index changes then, and pages keep room, so that rows change in place. Rows of `rollups`
 * that a change has made wrong are named in `stale_rollups` by the transaction of the change; readers pass those over.
 *
 * `measured_metrics` has the metrics that are measured for an experiment. One that comes later is measured for the subjects there are
 * by putting them all on the list of subjects to fold, page by page up to `queued_through`; from then on it is complete once
 * everything received before `queued_at` is folded.
 */
export const measures: Migration = {
  name: "0016_measures",
  sql: `
CREATE TABLE measured_metrics (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  metric_version integer NOT NULL,
  queued_through text COLLATE "C" NOT NULL DEFAULT '',
  queued_at timestamptz,
  PRIMARY KEY (environment_id, experiment_id, metric_id, metric_version)
);
COMMENT ON COLUMN measured_metrics.queued_at IS 'When the last subject that there was had been queued; null before';

CREATE TABLE subject_metrics (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  window_end timestamptz NOT NULL,
  value double precision,
  denominator double precision NOT NULL,
  covariate double precision,
  covariate_denominator double precision,
  metric_version integer NOT NULL,
  events integer NOT NULL,
  cohort_day date NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  missed text CHECK (missed IN ('no_event', 'before_exposure', 'after_window', 'filtered_out')),
  event_values double precision[],
  PRIMARY KEY (environment_id, experiment_id, metric_id, metric_version, subject_id)
) WITH (fillfactor = 80);
CREATE INDEX subject_metrics_cohort ON subject_metrics (environment_id, experiment_id, metric_id, metric_version, cohort_day);
COMMENT ON COLUMN subject_metrics.value IS 'null: the metric''s numbers are made without the subject';
COMMENT ON COLUMN subject_metrics.missed IS 'Why there is no event in the window; null where there is one';
COMMENT ON COLUMN subject_metrics.event_values IS 'Of quantiles: the value of each event';

CREATE TABLE rollups (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  metric_version integer NOT NULL,
  cohort_day date NOT NULL,
  variant_id uuid NOT NULL,
  n bigint NOT NULL CHECK (n >= 1),
  mean double precision[] NOT NULL,
  m2 double precision[] NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, metric_id, metric_version, cohort_day, variant_id)
);
COMMENT ON COLUMN rollups.m2 IS 'Sums of products of deviations from the means, row by row of the lower triangle';

CREATE TABLE stale_rollups (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  metric_version integer NOT NULL,
  cohort_day date NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, metric_id, metric_version, cohort_day)
);

CREATE TABLE fold_watermarks (
  environment_id uuid PRIMARY KEY,
  watermark timestamptz NOT NULL
);
COMMENT ON TABLE fold_watermarks IS 'Events received before are in the measures';
`,
};

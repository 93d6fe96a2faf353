import type { Instant, SubjectMeasure } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import type { MissedCause } from "./missed-events.ts";

/** A row of `subject_metrics` to be written. */
export interface MeasureToWrite {
  readonly experimentId: string;
  readonly metricId: string;
  readonly metricVersion: number;
  readonly subjectId: string;
  readonly variantId: string;
  readonly exposedAt: Instant;
  readonly windowEnd: Instant;
  readonly measure: SubjectMeasure;
  readonly missed: MissedCause | null;
}

/**
 * Names the days whose sums are wrong from now on. A day that is named already is locked all the same: whoever sums it up waits for this
 * transaction, or this one for them.
 *
 * @param touched source of the key of the day
 */
function nameStale(touched: string): string {
  return `INSERT INTO stale_rollups AS stale (environment_id, experiment_id, metric_id, metric_version, cohort_day)
  SELECT DISTINCT $1::uuid, experiment_id, metric_id, metric_version, cohort_day FROM ${touched} ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (environment_id, experiment_id, metric_id, metric_version, cohort_day)
    DO UPDATE SET cohort_day = excluded.cohort_day WHERE false`;
}

const COLUMNS = [
  "variant_id",
  "window_end",
  "value",
  "denominator",
  "covariate",
  "covariate_denominator",
  "events",
  "cohort_day",
  "missed",
  "event_values",
];

/** Rows of one statement. */
const PAGE = 5_000;

/**
 * Rows that say what is there already are left alone, so that folding again writes nothing. Each held row is looked up by its key: the limit
 * keeps the planner, which may have no statistics yet, from reading the whole table for it.
 */
const WRITE = `WITH given AS MATERIALIZED (
  SELECT experiment_id, metric_id, metric_version, subject_id COLLATE "C" AS subject_id, variant_id,
    ${instantOf("window_end")} AS window_end, value, denominator, covariate, covariate_denominator, events,
    (${instantOf("exposed_at")} AT TIME ZONE 'UTC')::date AS cohort_day, missed, event_values::double precision[] AS event_values
  FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::uuid[], $7::bigint[], $8::bigint[], $9::double precision[],
    $10::double precision[], $11::double precision[], $12::double precision[], $13::integer[], $14::text[], $15::text[])
    AS sent (experiment_id, metric_id, metric_version, subject_id, variant_id, exposed_at, window_end, value, denominator, covariate,
      covariate_denominator, events, missed, event_values)
), compared AS MATERIALIZED (
  SELECT given.*, held.cohort_day AS held_day, held.subject_id IS NULL AS is_new
  FROM given LEFT JOIN LATERAL (
    SELECT * FROM subject_metrics AS own WHERE own.environment_id = $1 AND own.experiment_id = given.experiment_id
      AND own.metric_id = given.metric_id AND own.metric_version = given.metric_version AND own.subject_id = given.subject_id LIMIT 1
  ) AS held ON true
  WHERE held.subject_id IS NULL
    OR (${COLUMNS.map((name) => `held.${name}`).join(", ")}) IS DISTINCT FROM (${COLUMNS.map((name) => `given.${name}`).join(", ")})
), written AS (
  INSERT INTO subject_metrics (environment_id, experiment_id, metric_id, metric_version, subject_id, ${COLUMNS.join(", ")})
  SELECT $1::uuid, experiment_id, metric_id, metric_version, subject_id, ${COLUMNS.join(", ")} FROM compared
  ORDER BY experiment_id, metric_id, metric_version, subject_id
  ON CONFLICT (environment_id, experiment_id, metric_id, metric_version, subject_id)
    DO UPDATE SET ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}
), touched AS (
  SELECT experiment_id, metric_id, metric_version, cohort_day FROM compared
  UNION ALL
  SELECT experiment_id, metric_id, metric_version, held_day FROM compared WHERE NOT is_new
)
${nameStale("touched")}`;

/** Writes measures of subjects of one environment, and names the days whose sums they change. */
export async function writeMeasures(
  connection: SqlConnection,
  environmentId: string,
  rows: readonly MeasureToWrite[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += PAGE) {
    await writePage(connection, environmentId, rows.slice(start, start + PAGE));
  }
}

async function writePage(
  connection: SqlConnection,
  environmentId: string,
  rows: readonly MeasureToWrite[],
): Promise<void> {
  const numbers = (of: (measure: SubjectMeasure) => number | null): string =>
    plainArray(rows.map(({ measure }) => of(measure)));
  const values = [
    environmentId,
    textArray(rows.map(({ experimentId }) => experimentId)),
    textArray(rows.map(({ metricId }) => metricId)),
    plainArray(rows.map(({ metricVersion }) => metricVersion)),
    textArray(rows.map(({ subjectId }) => subjectId)),
    textArray(rows.map(({ variantId }) => variantId)),
    plainArray(rows.map(({ exposedAt }) => exposedAt)),
    plainArray(rows.map(({ windowEnd }) => windowEnd)),
    numbers(({ value }) => value),
    numbers(({ denominator }) => denominator),
    numbers(({ covariate }) => covariate),
    numbers(({ covariateDenominator }) => covariateDenominator),
    numbers(({ events }) => events),
    textArray(rows.map(({ missed }) => missed)),
    textArray(rows.map(({ measure }) => (measure.values === null ? null : plainArray(measure.values)))),
  ];
  await connection.query({ text: WRITE, values });
}

const NAME_DAYS = `WITH given AS MATERIALIZED (
  SELECT experiment_id, metric_id, metric_version, (${instantOf("exposed_at")} AT TIME ZONE 'UTC')::date AS cohort_day
  FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::bigint[]) AS sent (experiment_id, metric_id, metric_version, exposed_at)
)
${nameStale("given")}`;

/** Names the days of measures as changed, whether they were written or not. */
export async function nameDays(
  connection: SqlConnection,
  environmentId: string,
  rows: readonly Pick<MeasureToWrite, "experimentId" | "metricId" | "metricVersion" | "exposedAt">[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = [
    environmentId,
    textArray(rows.map(({ experimentId }) => experimentId)),
    textArray(rows.map(({ metricId }) => metricId)),
    plainArray(rows.map(({ metricVersion }) => metricVersion)),
    plainArray(rows.map(({ exposedAt }) => exposedAt)),
  ];
  await connection.query({ text: NAME_DAYS, values });
}

const REMOVE = `WITH removed AS (
  DELETE FROM subject_metrics AS held USING unnest($2::uuid[], $3::text[]) AS gone (experiment_id, subject_id)
  WHERE held.environment_id = $1 AND held.experiment_id = gone.experiment_id AND held.subject_id = gone.subject_id COLLATE "C"
    AND (held.metric_id, held.metric_version) IN (
      SELECT m.metric_id, m.metric_version FROM measured_metrics AS m WHERE m.environment_id = $1 AND m.experiment_id = gone.experiment_id
    )
  RETURNING held.experiment_id, held.metric_id, held.metric_version, held.cohort_day
)
${nameStale("removed")}`;

/** Takes subjects out of what was measured of experiments, and names the days whose sums that changes. */
export async function removeMeasures(
  connection: SqlConnection,
  environmentId: string,
  gone: readonly { readonly experimentId: string; readonly subjectId: string }[],
): Promise<void> {
  if (gone.length === 0) return;
  const values = [
    environmentId,
    textArray(gone.map(({ experimentId }) => experimentId)),
    textArray(gone.map(({ subjectId }) => subjectId)),
  ];
  await connection.query({ text: REMOVE, values });
}

const MEASURED = "SELECT DISTINCT experiment_id FROM measured_metrics WHERE environment_id = $1";

/** Takes an erased subject out of everything that was measured. */
export async function eraseMeasures(
  connection: SqlConnection,
  environmentId: string,
  subjectId: string,
): Promise<void> {
  const { rows } = await connection.query({ text: MEASURED, values: [environmentId] });
  const gone = rows.map((row) => ({ experimentId: String(row["experiment_id"]), subjectId }));
  await removeMeasures(connection, environmentId, gone);
}

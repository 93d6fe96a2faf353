import { EXPOSURE_EVENT_TYPE, type Instant, type MetricMeter } from "@lotty/domain";
import { textArray } from "../sql/array-literal.ts";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import type { KnownDefinitions } from "./known-definitions.ts";
import { measureSubjects, type Measured, type Measurement } from "./measure-subjects.ts";
import { findMissedCauses, type MissedCause } from "./missed-events.ts";
import { nameDays, removeMeasures, writeMeasures, type MeasureToWrite } from "./write-measures.ts";

/**
 * Taken in one statement, and read of in a later transaction, so that everything that was committed by then is seen. Whoever writes events of a
 * subject in between puts it on the list again. Subjects that somebody writes for, or that somebody else is at, are left for the next time.
 */
const TAKE = `WITH waiting AS MATERIALIZED (
  SELECT environment_id, subject_id, received_at FROM subjects_to_fold ORDER BY received_at LIMIT $1 FOR UPDATE SKIP LOCKED
), taken AS (
  INSERT INTO subjects_being_folded (environment_id, subject_id, received_at)
  SELECT environment_id, subject_id, received_at FROM waiting ORDER BY environment_id, subject_id
  ON CONFLICT (environment_id, subject_id) DO NOTHING RETURNING environment_id, subject_id
)
DELETE FROM subjects_to_fold AS listed USING taken WHERE listed.environment_id = taken.environment_id AND listed.subject_id = taken.subject_id`;

const LOCK = `SELECT environment_id, to_json(subject_id) AS subject_id FROM subjects_being_folded
ORDER BY received_at LIMIT $1 FOR UPDATE SKIP LOCKED`;

const EXPOSURES = `SELECT f.experiment_id, to_json(f.subject_id) AS subject_id, f.variant_id, ${microsOf("f.first_exposed_at")} AS exposed_at, f.several,
  EXISTS (SELECT FROM events AS e WHERE e.environment_id = $1 AND e.subject_id = f.subject_id AND e.event_type = '${EXPOSURE_EVENT_TYPE}'
    AND e.occurred_at = f.first_exposed_at AND e.event_id <> f.event_id) AS tied
FROM first_exposures AS f
WHERE f.environment_id = $1 AND f.subject_id = ANY ($2::text[]) AND EXISTS (
  SELECT FROM measured_metrics AS m WHERE m.environment_id = $1 AND m.experiment_id = f.experiment_id
)`;

const METRICS = `SELECT experiment_id, metric_id, metric_version FROM measured_metrics
WHERE environment_id = $1 AND experiment_id = ANY ($2::uuid[])`;

const DONE = "DELETE FROM subjects_being_folded WHERE environment_id = $1 AND subject_id = ANY ($2::text[])";

/** Takes subjects off the list of those to be measured. In a transaction of its own. */
export async function takeSubjects(connection: SqlConnection, limit: number): Promise<void> {
  await connection.query({ text: TAKE, values: [limit] });
}

/**
 * Measures some of the subjects that were taken off the list anew, by all metrics of their experiments. Inside of a transaction. Everything
 * is computed from events and first exposures as they are, so that doing it again changes nothing.
 *
 * @returns how many
 */
export async function foldSubjects(connection: SqlConnection, limit: number, known: KnownDefinitions): Promise<number> {
  const { rows } = await connection.query({ text: LOCK, values: [limit] });
  const byEnvironment = Map.groupBy(rows, (row) => String(row["environment_id"]));
  for (const [environmentId, locked] of byEnvironment) {
    const subjectIds = locked.map((row) => String(row["subject_id"]));
    await foldOf(connection, environmentId, { subjectIds, known });
  }
  return rows.length;
}

interface Fold {
  readonly subjectIds: readonly string[];
  readonly known: KnownDefinitions;
}

interface Exposure {
  readonly experimentId: string;
  readonly subjectId: string;
  readonly variantId: string;
  readonly exposedAt: Instant;
  readonly several: boolean;
  /** Whether there is another exposure at the same instant, so that segments may have changed though nothing that is measured has. */
  readonly tied: boolean;
}

/** A metric that an experiment is measured by. */
interface WantedMetric {
  readonly metricId: string;
  readonly metricVersion: number;
  readonly meter: MetricMeter;
}

/** What is measured of whom. */
interface Fact {
  readonly exposure: Exposure;
  readonly metric: WantedMetric;
}

function toRow({ about, exposedAt, measure, meter }: Measured<Fact>, missed: MissedCause | null): MeasureToWrite {
  const { experimentId, subjectId, variantId } = about.exposure;
  const { metricId, metricVersion } = about.metric;
  const windowEnd = exposedAt + meter.microsAfter;
  return { experimentId, metricId, metricVersion, subjectId, variantId, exposedAt, windowEnd, measure, missed };
}

async function foldOf(connection: SqlConnection, environmentId: string, fold: Fold): Promise<void> {
  const subjects = textArray(fold.subjectIds);
  const exposures = await readExposures(connection, environmentId, subjects);
  const wanted = await readWanted(connection, environmentId, { exposures, known: fold.known });
  const measurements: Measurement<Fact>[] = [];
  for (const exposure of exposures) {
    if (exposure.several) continue;
    for (const metric of wanted.get(exposure.experimentId) ?? []) {
      const { exposedAt, subjectId } = exposure;
      measurements.push({ subjectId, exposedAt, meter: metric.meter, about: { exposure, metric } });
    }
  }
  const measured = await measureSubjects(connection, environmentId, measurements);
  const missed = await findMissedCauses(connection, environmentId, measured);
  const rows = measured.map((each) => toRow(each, missed.get(each) ?? null));
  await writeMeasures(connection, environmentId, rows);
  const tied = new Set(exposures.filter((exposure) => exposure.tied).map(({ subjectId }) => subjectId));
  await nameDays(
    connection,
    environmentId,
    rows.filter(({ subjectId }) => tied.has(subjectId)),
  );
  const excluded = exposures.filter(({ several }) => several);
  await removeMeasures(connection, environmentId, excluded);
  await connection.query({ text: DONE, values: [environmentId, subjects] });
}

async function readExposures(
  connection: SqlConnection,
  environmentId: string,
  subjects: string,
): Promise<readonly Exposure[]> {
  const { rows } = await connection.query({ text: EXPOSURES, values: [environmentId, subjects] });
  return rows.map((row) => ({
    experimentId: String(row["experiment_id"]),
    subjectId: String(row["subject_id"]),
    variantId: String(row["variant_id"]),
    exposedAt: Number(row["exposed_at"]),
    several: row["several"] === true,
    tied: row["tied"] === true,
  }));
}

async function readWanted(
  connection: SqlConnection,
  environmentId: string,
  { exposures, known }: { readonly exposures: readonly Exposure[]; readonly known: KnownDefinitions },
): Promise<ReadonlyMap<string, readonly WantedMetric[]>> {
  const wanted = new Map<string, WantedMetric[]>();
  const experiments = textArray([...new Set(exposures.map(({ experimentId }) => experimentId))]);
  const { rows } = await connection.query({ text: METRICS, values: [environmentId, experiments] });
  for (const row of rows) {
    const metricId = String(row["metric_id"]);
    const metricVersion = Number(row["metric_version"]);
    const meter = await known.meter(connection, { environmentId, metricId, metricVersion });
    if (meter === undefined) continue;
    const experimentId = String(row["experiment_id"]);
    wanted.set(experimentId, [...(wanted.get(experimentId) ?? []), { metricId, metricVersion, meter }]);
  }
  return wanted;
}

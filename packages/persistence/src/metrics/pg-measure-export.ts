import type {
  ExportedExposure,
  ExportedMeasure,
  ExportedMetric,
  Instant,
  MeasureExport,
  MeasureSnapshot,
  MeterMaker,
} from "@lotty/domain";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection, SqlRow } from "../sql/sql-pool.ts";
import { KnownDefinitions } from "./known-definitions.ts";
import { measureValues, OF_MEASURE } from "./measure-key.ts";
import { numbersOf } from "./moments-sql.ts";
import type { ReadWithin } from "./pg-experiment-moments.ts";
import { segmentsSql } from "./subject-segment.ts";

/** Subjects of one page. */
const PAGE = 2_000;

const WATERMARK = `SELECT ${microsOf("watermark")} AS watermark FROM fold_watermarks WHERE environment_id = $1`;

const METRICS = `SELECT m.metric_id, m.metric_version, n.key, coalesce(m.queued_at <= w.watermark, false) AS is_folded
FROM measured_metrics AS m
JOIN metrics AS n ON n.environment_id = m.environment_id AND n.id = m.metric_id
LEFT JOIN fold_watermarks AS w ON w.environment_id = m.environment_id
WHERE m.environment_id = $1 AND m.experiment_id = $2 ORDER BY m.metric_id, m.metric_version`;

const EXPOSURES = `SELECT to_json(f.subject_id) AS subject_id, f.variant_id, ${microsOf("f.first_exposed_at")} AS exposed_at, f.several,
  ${segmentsSql()} AS segments
FROM first_exposures AS f
WHERE f.environment_id = $1 AND f.experiment_id = $2 AND ($3::text IS NULL OR f.subject_id > $3::text)
ORDER BY f.subject_id LIMIT $4`;

const MEASURES = `SELECT to_json(subject_id) AS subject_id, variant_id, ${microsOf("window_end")} AS window_end, value, denominator,
  covariate, covariate_denominator, events, event_values
FROM subject_metrics AS s WHERE ${OF_MEASURE} AND ($5::text IS NULL OR subject_id > $5::text)
ORDER BY s.subject_id LIMIT $6`;

type Experiment = Parameters<MeasureExport["within"]>[0];

/** Gives out measures from Postgres, a standby of it, or PGlite: all of one transaction, page by page. */
export class PgMeasureExport implements MeasureExport {
  readonly #read: ReadWithin;
  readonly #meterOf: MeterMaker;
  readonly #known: KnownDefinitions;

  constructor(read: ReadWithin, meterOf: MeterMaker) {
    this.#read = read;
    this.#meterOf = meterOf;
    this.#known = new KnownDefinitions(meterOf);
  }

  within<Result>(experiment: Experiment, work: (snapshot: MeasureSnapshot) => Promise<Result>): Promise<Result> {
    const { environmentId, experimentId } = experiment;
    return this.#read(async (connection) => {
      const metrics = await this.#metricsOf(connection, experiment);
      const ask = (text: string, values: readonly unknown[]) => pages(connection, { text, values });
      return work({
        ...metrics,
        watermark: await readWatermark(connection, environmentId),
        exposures: () => mapped(ask(EXPOSURES, [environmentId, experimentId]), rowToExposure),
        measures: (metric) => {
          const { microsAfter } = this.#meterOf(metric.definition);
          const key = { environmentId, experimentId, ...metric };
          return mapped(ask(MEASURES, measureValues(key)), (row) => rowToMeasure(row, microsAfter));
        },
      });
    });
  }

  async #metricsOf(
    connection: SqlConnection,
    { environmentId, experimentId }: Experiment,
  ): Promise<Pick<MeasureSnapshot, "metrics" | "unfinished">> {
    const { rows } = await connection.query({ text: METRICS, values: [environmentId, experimentId] });
    const metrics: ExportedMetric[] = [];
    const unfinished: { readonly metricId: string; readonly metricVersion: number }[] = [];
    for (const row of rows) {
      const version = { metricId: String(row["metric_id"]), metricVersion: Number(row["metric_version"]) };
      const definition = await this.#known.definition(connection, { environmentId, ...version });
      if (row["is_folded"] === true && definition !== undefined)
        metrics.push({ ...version, key: String(row["key"]), definition });
      else unfinished.push(version);
    }
    return { metrics, unfinished };
  }
}

async function readWatermark(connection: SqlConnection, environmentId: string): Promise<Instant | null> {
  const { rows } = await connection.query({ text: WATERMARK, values: [environmentId] });
  const watermark = rows[0]?.["watermark"];
  return typeof watermark === "number" ? watermark : null;
}

/** Rows page by page; the last two parameters of the statement are the subject to go on after and how many. */
async function* pages(
  connection: SqlConnection,
  { text, values }: { readonly text: string; readonly values: readonly unknown[] },
): AsyncIterable<readonly SqlRow[]> {
  let after: string | null = null;
  for (;;) {
    const { rows }: { rows: readonly SqlRow[] } = await connection.query({ text, values: [...values, after, PAGE] });
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = String(rows.at(-1)?.["subject_id"]);
  }
}

async function* mapped<T>(
  all: AsyncIterable<readonly SqlRow[]>,
  read: (row: SqlRow) => T,
): AsyncIterable<readonly T[]> {
  for await (const rows of all) yield rows.map(read);
}

function rowToExposure(row: SqlRow): ExportedExposure {
  const segments = row["segments"];
  return {
    subjectId: String(row["subject_id"]),
    variantId: String(row["variant_id"]),
    exposedAt: Number(row["exposed_at"]),
    several: row["several"] === true,
    segments: Object.fromEntries(
      typeof segments === "object" && segments !== null
        ? Object.entries(segments).map(([name, value]) => [name, String(value)])
        : [],
    ),
  };
}

function rowToMeasure(row: SqlRow, microsAfter: number): ExportedMeasure {
  const windowEnd = Number(row["window_end"]);
  const values = row["event_values"];
  return {
    subjectId: String(row["subject_id"]),
    variantId: String(row["variant_id"]),
    exposedAt: windowEnd - microsAfter,
    windowEnd,
    value: numberOrNull(row["value"]),
    denominator: Number(row["denominator"]),
    covariate: numberOrNull(row["covariate"]),
    covariateDenominator: numberOrNull(row["covariate_denominator"]),
    events: Number(row["events"]),
    values: Array.isArray(values) ? numbersOf(values) : null,
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type Metric, type MetricDefinition } from "@lotty/domain";
import type { Client } from "pg";
import type { ExperimentSize } from "./experiment-size.ts";
import { fillTable } from "./fill-table.ts";

/** An experiment with everything stored that can be asked about. */
export interface FilledExperiment {
  readonly experimentId: string;
  /** A sum with a covariate. */
  readonly sum: Metric;
  /** The same, capped. */
  readonly capped: Metric;
}

/** Property of exposures that results are split by. */
export const SEGMENT = "country";

/** Before this, so that no window is open but those of the last week. */
const WINDOW = "interval '168 hours'";

const SUM: MetricDefinition = {
  kind: "sum",
  numerator: { eventType: "purchase", filter: null, valueProperty: null },
  denominator: null,
  countsEvents: false,
  windowHours: 168,
  retentionFromDays: 0,
  quantile: null,
  winsorizing: null,
  dropsZeros: false,
  higherIsBetter: true,
  covariateDays: 7,
  practicalThreshold: null,
};

/** A metric of a definition. */
export function metricOf(definition: MetricDefinition, key: string): Metric {
  return {
    id: randomUUID(),
    environmentId: DEFAULT_ENVIRONMENT_ID,
    key,
    name: `Bench ${key}`,
    description: null,
    owner: null,
    tags: [],
    definition,
    version: 1,
    updatedAt: 0,
    archivedAt: null,
  };
}

/**
 * Stores assignments, exposures over four weeks in two variants, events over six, from two weeks before on, and the measures that folding would make of
 * them.
 */
export async function fillExperiment(
  { client, url }: { readonly client: Client; readonly url: string },
  { events, exposures }: ExperimentSize,
): Promise<FilledExperiment> {
  const experimentId = randomUUID();
  const sum = metricOf(SUM, "sum");
  const capped = metricOf({ ...SUM, winsorizing: { lower: null, upper: 0.999, ignoreZeros: false } }, "capped");
  for (const metric of [sum, capped]) await storeMetric(client, experimentId, metric);
  await client.query(
    `INSERT INTO measured_segments (environment_id, experiment_id, metric_id, metric_version, name) VALUES ($1, $2, $3, 1, $4)`,
    [DEFAULT_ENVIRONMENT_ID, experimentId, sum.id, SEGMENT],
  );
  // Nobody writes to these later. Tables that folding writes to keep their log.
  await client.query("ALTER TABLE events SET UNLOGGED");
  await client.query("ALTER TABLE first_exposures SET UNLOGGED");
  await client.query("ALTER TABLE assignments SET UNLOGGED");
  const ids = { experimentId, variants: [randomUUID(), randomUUID()] };
  await fillTable(url, { table: "assignments", part: partOf(exposures, (span) => assignmentsSql(ids, span)) });
  await fillTable(url, { table: "first_exposures", part: partOf(exposures, (span) => exposuresSql(ids, span)) });
  await fillTable(url, { table: "events", part: partOf(events, (span) => eventsSql(exposures, span)) });
  const both = [sum, capped];
  await fillTable(url, {
    table: "subject_metrics",
    part: (part) => measuresSql(experimentId, both[part]?.id ?? ""),
  });
  await client.query(
    `INSERT INTO stale_rollups (environment_id, experiment_id, metric_id, metric_version, cohort_day)
     SELECT DISTINCT environment_id, experiment_id, metric_id, metric_version, cohort_day FROM subject_metrics`,
  );
  return { experimentId, sum, capped };
}

/** Puts the first so many subjects on the list of those to fold. */
export async function queueSubjects(client: Client, subjects: number): Promise<void> {
  await client.query(
    `INSERT INTO subjects_to_fold (environment_id, received_at, subject_id)
     SELECT $1, now() - interval '1 minute', 's' || i FROM generate_series(1, $2::integer) AS i ON CONFLICT DO NOTHING`,
    [DEFAULT_ENVIRONMENT_ID, subjects],
  );
}

/** Forgets what was measured of the first so many subjects. */
export async function forgetMeasures(client: Client, subjects: number): Promise<void> {
  await client.query(
    `DELETE FROM subject_metrics USING generate_series(1, $1::integer) AS i WHERE subject_id = ('s' || i) COLLATE "C"`,
    [subjects],
  );
  await client.query("VACUUM subject_metrics");
}

async function storeMetric(client: Client, experimentId: string, { definition, id, key }: Metric): Promise<void> {
  const environment = DEFAULT_ENVIRONMENT_ID;
  await client.query("INSERT INTO metrics (environment_id, id, key, version) VALUES ($1, $2, $3, 1)", [
    environment,
    id,
    key,
  ]);
  await client.query(
    `INSERT INTO metric_versions (environment_id, metric_id, version, name, tags, definition, updated_at)
     VALUES ($1, $2, 1, '"bench"', '[]', $3, now())`,
    [environment, id, JSON.stringify(definition)],
  );
  await client.query(
    `INSERT INTO measured_metrics (environment_id, experiment_id, metric_id, metric_version, queued_at) VALUES ($1, $2, $3, 1, 'epoch')`,
    [environment, experimentId, id],
  );
}

/** Numbers from one to another. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function partOf(count: number, sql: (span: Span) => string): (part: number, parts: number) => string {
  return (part, parts) =>
    sql({ from: 1 + Math.floor((count * part) / parts), to: Math.floor((count * (part + 1)) / parts) });
}

interface Ids {
  readonly experimentId: string;
  readonly variants: readonly string[];
}

const ENVIRONMENT = `'${DEFAULT_ENVIRONMENT_ID}'::uuid`;

function variantSql({ variants }: Ids): string {
  return `(ARRAY['${variants.join("', '")}']::uuid[])[1 + i % 2]`;
}

/** When a subject was exposed: the same whenever it is asked, and at another time of the day for each. */
const EXPOSED_AT = "now() - (1 + i % 28 + (i * 7919::bigint) % 86400 / 86400.0) * interval '1 day'";

function assignmentsSql(ids: Ids, { from, to }: Span): string {
  return `INSERT INTO assignments (environment_id, subject_id, experiment_id, variant_id, first_decided_at, last_decided_at)
SELECT ${ENVIRONMENT}, 's' || i, '${ids.experimentId}', ${variantSql(ids)}, ${EXPOSED_AT} - interval '1 second', ${EXPOSED_AT}
FROM generate_series(${from}, ${to}) AS i`;
}

function exposuresSql(ids: Ids, { from, to }: Span): string {
  return `INSERT INTO first_exposures
  (environment_id, experiment_id, variant_id, decision_id, first_exposed_at, several, subject_id, event_id, segments)
SELECT ${ENVIRONMENT}, '${ids.experimentId}', ${variantSql(ids)}, gen_random_uuid(), ${EXPOSED_AT}, false, 's' || i, 'x' || i,
  json_build_object('${SEGMENT}', (ARRAY['NO', 'SE', 'DK'])[1 + i % 3])
FROM generate_series(${from}, ${to}) AS i`;
}

/** Events of one subject lie far apart, as they come in. */
function eventsSql(subjects: number, { from, to }: Span): string {
  return `INSERT INTO events (environment_id, occurred_at, received_at, value, event_id, event_type, subject_id, properties)
SELECT ${ENVIRONMENT}, now() - random() * interval '42 days', now() - interval '1 minute', 100 * random(), 'e' || i, 'purchase',
  's' || 1 + (i * 7919::bigint) % ${subjects}, '{}'
FROM generate_series(${from}, ${to}) AS i`;
}

function measuresSql(experimentId: string, metricId: string): string {
  return `INSERT INTO subject_metrics (environment_id, experiment_id, metric_id, metric_version, subject_id, variant_id, window_end, value,
  denominator, covariate, covariate_denominator, events, cohort_day, missed)
SELECT ${ENVIRONMENT}, '${experimentId}', '${metricId}', 1, f.subject_id, f.variant_id, f.first_exposed_at + ${WINDOW},
  coalesce(sum(e.value) FILTER (WHERE e.occurred_at >= f.first_exposed_at AND e.occurred_at < f.first_exposed_at + ${WINDOW}), 0), 1,
  coalesce(sum(e.value) FILTER (WHERE e.occurred_at < f.first_exposed_at AND e.occurred_at >= f.first_exposed_at - interval '7 days'), 0), 1,
  count(*) FILTER (WHERE e.occurred_at >= f.first_exposed_at AND e.occurred_at < f.first_exposed_at + ${WINDOW}),
  (f.first_exposed_at AT TIME ZONE 'UTC')::date,
  CASE WHEN bool_or(e.occurred_at >= f.first_exposed_at AND e.occurred_at < f.first_exposed_at + ${WINDOW}) THEN NULL
    WHEN bool_or(e.occurred_at < f.first_exposed_at) THEN 'before_exposure'
    WHEN bool_or(e.occurred_at >= f.first_exposed_at + ${WINDOW}) THEN 'after_window' ELSE 'no_event' END
FROM first_exposures AS f LEFT JOIN events AS e ON e.environment_id = f.environment_id AND e.subject_id = f.subject_id
GROUP BY f.subject_id, f.variant_id, f.first_exposed_at`;
}

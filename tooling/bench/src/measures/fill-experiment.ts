import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type Metric, type MetricDefinition } from "@lotty/domain";
import type { Client } from "pg";

/** How much happens in an experiment of four weeks. */
export interface ExperimentSize {
  readonly subjects: number;
  readonly events: number;
}

/** An experiment whose exposures and events are stored, and nothing of it measured yet. */
export interface FilledExperiment {
  readonly experimentId: string;
  /** To be folded. */
  readonly metrics: readonly Metric[];
}

const PLAIN: MetricDefinition = {
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

/** A conversion, a count, a sum, and the sum with a cap: each with a week before the exposure as covariate. */
const DEFINITIONS: readonly MetricDefinition[] = [
  { ...PLAIN, kind: "conversion" },
  { ...PLAIN, kind: "count" },
  PLAIN,
  { ...PLAIN, winsorizing: { lower: null, upper: 0.999, ignoreZeros: false } },
];

/** A metric of a definition that nobody has folded. */
export function metricOf(definition: MetricDefinition, index: number): Metric {
  return {
    id: randomUUID(),
    environmentId: DEFAULT_ENVIRONMENT_ID,
    key: `bench-${index}`,
    name: `Bench ${index}`,
    description: null,
    owner: null,
    tags: [],
    definition,
    version: 1,
    updatedAt: 0,
    archivedAt: null,
  };
}

/** Stores exposures over four weeks in two variants, and events over six: from two weeks before. */
export async function fillExperiment(client: Client, { events, subjects }: ExperimentSize): Promise<FilledExperiment> {
  const experimentId = randomUUID();
  const metrics = DEFINITIONS.map(metricOf);
  const environment = DEFAULT_ENVIRONMENT_ID;
  for (const { definition, id, key } of metrics) {
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
  await client.query(
    `INSERT INTO first_exposures (environment_id, experiment_id, variant_id, decision_id, first_exposed_at, several, subject_id, event_id, segments)
     SELECT $1, $2, (ARRAY[$3, $4]::uuid[])[1 + i % 2], gen_random_uuid(), now() - (1 + i % 28) * interval '1 day', false,
       'subject-' || i, 'exposure-' || i, '{}' FROM generate_series(1, $5::integer) AS i`,
    [environment, experimentId, randomUUID(), randomUUID(), subjects],
  );
  await client.query(
    `INSERT INTO events (environment_id, occurred_at, received_at, value, event_id, event_type, subject_id, properties)
     SELECT $1, now() - random() * interval '42 days', now() - interval '1 minute', 100 * random(), 'event-' || i, 'purchase',
       'subject-' || 1 + (i * 7919::bigint) % $2::integer, '{}' FROM generate_series(1, $3::integer) AS i`,
    [environment, subjects, events],
  );
  await client.query("ANALYZE events, first_exposures");
  return { experimentId, metrics };
}

/** Puts subjects that were exposed on one of the last days on the list of those to fold; all with 28. */
export async function queueSubjects(client: Client, subjects: number, days: number): Promise<void> {
  await client.query(
    `INSERT INTO subjects_to_fold (environment_id, received_at, subject_id)
     SELECT $1, now() - interval '1 minute', 'subject-' || i FROM generate_series(1, $2::integer) AS i WHERE i % 28 < $3
     ON CONFLICT DO NOTHING`,
    [DEFAULT_ENVIRONMENT_ID, subjects, days],
  );
}

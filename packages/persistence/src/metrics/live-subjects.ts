import type { Instant, MetricMeter, MomentsQuestion } from "@lotty/domain";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import { measureSubjects, type Measured } from "./measure-subjects.ts";
import type { ExposureSpan } from "./moments-plan.ts";
import { segmentSql } from "./subject-segment.ts";

/** What is known of a subject besides its measure. */
export interface LiveSubject {
  readonly variantId: string;
  readonly exposedAt: Instant;
  /** `null` when no segment was asked for, or the subject is in none. */
  readonly segment: string | null;
}

/** A page of subjects, measured right now. */
export interface LivePage {
  readonly subjects: readonly Measured<LiveSubject>[];
  /** The subject to go on after; `null` after the last. */
  readonly next: string | null;
}

/** Which page. */
export interface LivePageQuestion {
  readonly span: ExposureSpan;
  readonly meter: MetricMeter;
  readonly after: string | null;
  readonly limit: number;
}

function pageSql(population: MomentsQuestion["population"], segment: boolean): string {
  const name = segment ? segmentSql("$7::text") : "NULL::text";
  if (population === "exposed") {
    return `SELECT to_json(f.subject_id) AS subject_id, f.variant_id, ${microsOf("f.first_exposed_at")} AS exposed_at, to_json(${name}) AS segment
FROM first_exposures AS f
WHERE f.environment_id = $1 AND f.experiment_id = $2 AND NOT f.several AND ($3::text IS NULL OR f.subject_id > $3::text)
  AND f.first_exposed_at >= ${instantOf("$4::bigint")} AND f.first_exposed_at < ${instantOf("$5::bigint")}
ORDER BY f.subject_id LIMIT $6`;
  }
  return `SELECT to_json(a.subject_id) AS subject_id, a.variant_id, ${microsOf("a.first_decided_at")} AS exposed_at, ${microsOf("f.first_exposed_at")} AS waits_until, to_json(${name}) AS segment
FROM assignments AS a
LEFT JOIN first_exposures AS f ON f.environment_id = a.environment_id AND f.experiment_id = a.experiment_id AND f.subject_id = a.subject_id
WHERE a.environment_id = $1 AND a.experiment_id = $2 AND f.several IS NOT TRUE AND ($3::text IS NULL OR a.subject_id > $3::text)
  AND a.first_decided_at >= ${instantOf("$4::bigint")} AND a.first_decided_at < ${instantOf("$5::bigint")}
ORDER BY a.subject_id LIMIT $6`;
}

/** Measures a page of an experiment's subjects from their events, in the order of their ids. Inside of a transaction. */
export async function measureLive(
  connection: SqlConnection,
  { by, environmentId, experimentId, population }: MomentsQuestion,
  { after, limit, meter, span }: LivePageQuestion,
): Promise<LivePage> {
  const segment = typeof by === "object" ? [by.segment] : [];
  const { rows } = await connection.query({
    text: pageSql(population, segment.length > 0),
    values: [environmentId, experimentId, after, span.from, span.to, limit, ...segment],
  });
  const waiting = population === "assigned" ? await typesThatWait(connection, environmentId) : NO_TYPES;
  const subjects = await measureSubjects(
    connection,
    environmentId,
    rows.map((row) => {
      const exposedAt = Number(row["exposed_at"]);
      const about = { variantId: String(row["variant_id"]), exposedAt, segment: textOrNull(row["segment"]) };
      const until = row["waits_until"];
      const waits = { eventTypes: waiting, until: typeof until === "number" ? until : Infinity };
      return {
        subjectId: String(row["subject_id"]),
        exposedAt,
        meter,
        about,
        ...(waiting.size > 0 && { waits }),
      };
    }),
  );
  return { subjects, next: rows.length < limit ? null : (subjects.at(-1)?.subjectId ?? null) };
}

const NO_TYPES: ReadonlySet<string> = new Set();

/** Types whose events count only from the exposure on. */
export async function typesThatWait(connection: SqlConnection, environmentId: string): Promise<ReadonlySet<string>> {
  const text = "SELECT to_json(key) AS key FROM event_types WHERE environment_id = $1 AND requires_exposure";
  const { rows } = await connection.query({ text, values: [environmentId] });
  return new Set(rows.map((row) => String(row["key"])));
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

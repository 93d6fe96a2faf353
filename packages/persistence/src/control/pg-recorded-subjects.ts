import type { RecordedSubject, RecordedSubjects, RecordedSubjectsQuestion, Subject } from "@lotty/domain";
import { toAssignment } from "../history/assignment-row.ts";
import { smallestId } from "../partitions/partition-day.ts";
import { DIGEST_OF_NONE, readAttributes } from "../records/attributes-text.ts";
import { readWithin } from "../reports/read-within.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import type { SqlPool, SqlRow } from "../sql/sql-pool.ts";

/**
 * How many rows of the log one statement looks at: it holds its connection for some tens of milliseconds. The attributes of so many
 * subjects are at most 64 MB; larger windows were hardly quicker.
 */
const WINDOW_ROWS = 1_000;

/** Longest run of one statement. */
const WINDOW_TIMEOUT_MILLIS = 3_000;

/** Where a window of the log begins: before a decision of a subject. */
interface Place {
  readonly subjectId: string;
  readonly decisionId: string;
}

/**
 * The next window of the log, subject by subject and of each the newest decision first, as the index has them: from its end to its
 * beginning. Gives the flag's last decision of each subject in it, and where it ends when there is more. A later window begins
 * where the one before ended.
 */
export function windowStatement(isLater: boolean): string {
  const below = isLater ? "AND (subject_id, decision_id) < ($7::text, $8::uuid)" : "";
  return `
WITH looked_at AS MATERIALIZED (
  SELECT subject_id, decision_id, flag_key, attributes_digest, decided_at FROM decisions
  WHERE environment_id = $1 AND decision_id >= $2 ${below}
  ORDER BY subject_id DESC, decision_id DESC LIMIT $6
), latest AS (
  SELECT DISTINCT ON (subject_id) subject_id, attributes_digest AS digest, decided_at
  FROM looked_at WHERE flag_key = $3 AND decided_at >= ${instantOf("$4::bigint")}
  ORDER BY subject_id DESC, decision_id DESC
), known AS MATERIALIZED (
  SELECT latest.*, CASE WHEN digest = decode($5, 'hex') THEN '{}' ELSE (
    SELECT attributes FROM attribute_sets AS held
    WHERE held.environment_id = $1 AND held.subject_id = latest.subject_id AND held.digest = latest.digest
  ) END AS attributes
  FROM latest
), bound AS (
  SELECT subject_id, decision_id FROM looked_at ORDER BY subject_id DESC, decision_id DESC OFFSET $6 - 1
)
SELECT to_json(known.subject_id) AS subject_id, known.attributes, ${microsOf("known.decided_at")} AS decided_at,
  CASE WHEN known.attributes IS NOT NULL THEN (
    SELECT coalesce(json_agg(json_build_object(
      'experiment_id', experiment_id, 'variant_id', variant_id,
      'first_decided_at', ${microsOf("first_decided_at")}, 'last_decided_at', ${microsOf("last_decided_at")}
    )), '[]')
    FROM assignments WHERE assignments.environment_id = $1 AND assignments.subject_id = known.subject_id
  ) END AS history,
  to_json(bound.subject_id) AS bound_subject_id, bound.decision_id AS bound_decision_id
FROM (SELECT) AS always LEFT JOIN bound ON true LEFT JOIN known ON true
ORDER BY known.subject_id DESC`;
}

/** What one window has. */
interface Window {
  readonly rows: readonly SqlRow[];
  /** Where the next one begins; `undefined` after the last. */
  readonly next: Place | undefined;
}

/**
 * Reads recorded subjects from Postgres or PGlite, a window of the log at a time: neither side keeps more than a window, and no
 * transaction stays open while the caller works. Looks at all decisions of the environment since then, whatever their flag.
 *
 * Attributes are on record where they are recorded in full, and of subjects that had none where their digest is.
 */
export class PgRecordedSubjects implements RecordedSubjects {
  readonly #pool: SqlPool;
  readonly #windowRows: number;

  constructor(pool: SqlPool, windowRows: number = WINDOW_ROWS) {
    this.#pool = pool;
    this.#windowRows = windowRows;
  }

  async *of(question: RecordedSubjectsQuestion): AsyncIterable<RecordedSubject> {
    let from: Place | undefined;
    // A subject whose decisions reach into the next window is met again there, by an earlier decision.
    let last: string | undefined;
    do {
      const { next, rows }: Window = await this.#read(question, from);
      for (const row of rows) {
        const subjectId = String(row["subject_id"]);
        if (subjectId === last) continue;
        last = subjectId;
        const attributes = typeof row["attributes"] === "string" ? readAttributes(row["attributes"]) : null;
        if (attributes !== null) yield toRecordedSubject({ id: subjectId, attributes }, row);
      }
      from = next;
    } while (from !== undefined);
  }

  async #read({ environmentId, flagKey, since }: RecordedSubjectsQuestion, from: Place | undefined): Promise<Window> {
    const values: unknown[] = [environmentId, smallestId(since), flagKey, since, DIGEST_OF_NONE, this.#windowRows];
    if (from !== undefined) values.push(from.subjectId, from.decisionId);
    const { rows } = await readWithin(this.#pool, WINDOW_TIMEOUT_MILLIS, (connection) =>
      connection.query({ text: windowStatement(from !== undefined), values }),
    );
    return { rows: rows.filter((row) => row["subject_id"] !== null), next: placeOf(rows[0]) };
  }
}

function placeOf(row: SqlRow | undefined): Place | undefined {
  const decisionId = row?.["bound_decision_id"];
  return typeof decisionId === "string" ? { subjectId: String(row?.["bound_subject_id"]), decisionId } : undefined;
}

function toRecordedSubject(subject: Subject, row: SqlRow): RecordedSubject {
  const history: unknown = row["history"];
  return {
    subject,
    history: Array.isArray(history) ? history.map(toAssignment) : [],
    lastDecidedAt: Number(row["decided_at"]),
  };
}

import {
  MICROS_PER_MILLI,
  type Instant,
  type PastAssignment,
  type PastQuestion,
  type SubjectPast,
  type SubjectPastAround,
} from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { toAssignment } from "../history/assignment-row.ts";
import { smallestId } from "../partitions/partition-day.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import { withConnection, type SqlPool, type SqlRow } from "../sql/sql-pool.ts";

const BEGINNING = instantOf("$3::bigint");

/**
 * An assignment that has not been repeated since is what it was. Of one that has, the log tells the last repetition before;
 * where it does not go back that far, the assignment was at least made by then.
 */
const BEFORE = `
SELECT held.experiment_id,
  CASE WHEN repeated THEN coalesce(earlier.variant_id, held.variant_id) ELSE held.variant_id END AS variant_id,
  ${microsOf("held.first_decided_at")} AS first_decided_at,
  ${microsOf("CASE WHEN repeated THEN coalesce(earlier.decided_at, held.first_decided_at) ELSE held.last_decided_at END")} AS last_decided_at
FROM (
  SELECT *, last_decided_at >= ${BEGINNING} AS repeated FROM assignments
  WHERE environment_id = $1 AND subject_id = $2 AND first_decided_at < ${BEGINNING}
) AS held
LEFT JOIN LATERAL (
  SELECT decision.variant_id, decision.decided_at FROM decisions AS decision
  WHERE repeated AND decision.environment_id = $1 AND decision.subject_id = $2 AND decision.decision_id < $4
    AND decision.experiment_id = held.experiment_id AND decision.reason = 'experiment_assigned'
  ORDER BY decision.decision_id DESC LIMIT 1
) AS earlier ON true`;

const SINCE = `
SELECT decision_id, experiment_id, variant_id, ${microsOf("decided_at")} AS decided_at FROM decisions
WHERE environment_id = $1 AND subject_id = $2 AND decision_id >= $3 AND decision_id < $4 AND reason = 'experiment_assigned'
ORDER BY decision_id`;

/** Reads the past of subjects on Postgres or PGlite. */
export class PgSubjectPast implements SubjectPast {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  around({ environmentId, subjectId, from, to }: PastQuestion): Promise<SubjectPastAround> {
    const start = wholeMillis(from);
    const [first, end] = [smallestId(start), smallestId(wholeMillis(to) + MICROS_PER_MILLI)];
    return guarded(() =>
      withConnection(this.#pool, async (connection) => {
        const before = await connection.query({ text: BEFORE, values: [environmentId, subjectId, start, first] });
        const since = await connection.query({ text: SINCE, values: [environmentId, subjectId, first, end] });
        return { before: before.rows.map(toAssignment), since: since.rows.map(toPastAssignment) };
      }),
    );
  }
}

/** Ids of decisions carry whole milliseconds. */
function wholeMillis(instant: Instant): Instant {
  return Math.floor(instant / MICROS_PER_MILLI) * MICROS_PER_MILLI;
}

function toPastAssignment(row: SqlRow): PastAssignment {
  return {
    decisionId: String(row["decision_id"]),
    experimentId: String(row["experiment_id"]),
    variantId: String(row["variant_id"]),
    decidedAt: Number(row["decided_at"]),
  };
}

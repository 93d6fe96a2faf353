import {
  DECISION_REASONS,
  type DecisionReason,
  type DecisionReports,
  type DecisionSpread,
  type SpreadQuestion,
  type StandbyState,
} from "@lotty/domain";
import { smallestId } from "../partitions/partition-day.ts";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection, SqlPool, SqlRow } from "../sql/sql-pool.ts";
import { readWithin } from "./read-within.ts";

/**
 * One pass over the span: the bounds on the id leave out all partitions before and after it. Only rows that assign the
 * experiment are told apart by subject, so memory grows with its subjects and not with the log.
 */
const SPREAD = `
WITH counted AS (
  SELECT reason, variant_id, subject_id, count(*) AS decisions,
    min(experiment_version) AS oldest, max(experiment_version) AS newest
  FROM (
    SELECT reason,
      CASE WHEN assigns THEN variant_id END AS variant_id,
      CASE WHEN assigns THEN subject_id END AS subject_id,
      CASE WHEN assigns THEN experiment_version END AS experiment_version
    FROM (
      SELECT *, reason = 'experiment_assigned' AND experiment_id = $4 AS assigns
      FROM decisions
      WHERE decision_id >= $1 AND decision_id < $2 AND environment_id = $3 AND flag_key = $5
    ) AS decision
  ) AS told_apart
  GROUP BY reason, variant_id, subject_id
)
SELECT reason, variant_id, count(subject_id) AS subjects, sum(decisions)::bigint AS decisions,
  min(oldest) AS oldest, max(newest) AS newest,
  (
    SELECT count(*) FROM (SELECT FROM counted WHERE subject_id IS NOT NULL GROUP BY subject_id HAVING count(*) > 1) AS several
  ) AS in_several
FROM counted GROUP BY reason, variant_id ORDER BY variant_id`;

/**
 * A standby that is connected and has replayed all that it has received is in step, however long ago the last transaction was;
 * for any other the age of that transaction is the best that it knows.
 */
const STANDBY = `
SELECT CASE
  WHEN EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL)
    AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE greatest(0, ${microsOf("clock_timestamp()")} - ${microsOf("pg_last_xact_replay_timestamp()")})
END AS behind_micros
WHERE pg_is_in_recovery()`;

/** Reports from Postgres, a standby of it, or PGlite. Every report is a read-only transaction. */
export class PgDecisionReports implements DecisionReports {
  readonly #pool: SqlPool;
  readonly #timeoutMillis: number;

  /** @param timeoutMillis longest run of one report */
  constructor(pool: SqlPool, timeoutMillis: number) {
    this.#pool = pool;
    this.#timeoutMillis = timeoutMillis;
  }

  async spread({ environmentId, experimentId, flagKey, from, to }: SpreadQuestion): Promise<DecisionSpread> {
    const values = [smallestId(from), smallestId(to), environmentId, experimentId, flagKey];
    return readWithin(this.#pool, this.#timeoutMillis, async (connection) => {
      const standby = await readStandby(connection);
      const { rows } = await connection.query({ text: SPREAD, values });
      return toSpread(rows, standby);
    });
  }
}

async function readStandby(connection: SqlConnection): Promise<StandbyState | null> {
  const { rows } = await connection.query({ text: STANDBY });
  const [row] = rows;
  if (row === undefined) return null;
  const behind = row["behind_micros"];
  return { behindMicros: behind === null ? null : Number(behind) };
}

function toSpread(rows: readonly SqlRow[], standby: StandbyState | null): DecisionSpread {
  const reasons: Partial<Record<DecisionReason, number>> = {};
  for (const row of rows) {
    const reason = DECISION_REASONS.find((each) => each === row["reason"]);
    if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + Number(row["decisions"]);
  }
  const assigning = rows.filter((row) => row["variant_id"] !== null);
  return {
    variants: assigning.map((row) => ({
      variantId: String(row["variant_id"]),
      subjects: Number(row["subjects"]),
      decisions: Number(row["decisions"]),
    })),
    subjectsInSeveralVariants: Number(rows[0]?.["in_several"] ?? 0),
    versions:
      assigning.length === 0
        ? null
        : {
            oldest: Math.min(...assigning.map((row) => Number(row["oldest"]))),
            newest: Math.max(...assigning.map((row) => Number(row["newest"]))),
          },
    reasons,
    standby,
  };
}

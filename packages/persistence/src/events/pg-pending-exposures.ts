import type { PendingExposures, PendingProgress, PendingQuestion } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { runRecording } from "../recording/run-recording.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { decisionNamedBy, EXPOSURE_VERDICT, noteSubjects, takeExposures } from "./exposure-sql.ts";

/** The wait grows with the age, so that a long outage of decisions costs little. */
const NEXT_TRY = `${instantOf("$1::bigint")} +
  least(interval '10 minutes', greatest(interval '2 seconds', (${instantOf("$1::bigint")} - given.received_at) / 4))`;

const RESOLVE = `WITH given AS MATERIALIZED (
  SELECT environment_id, event_id, decision_id, subject_id, occurred_at, received_at, segments FROM pending_exposures
  WHERE outcome IS NULL AND next_try_at <= ${instantOf("$1::bigint")} ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT given.*, found.experiment_id, found.variant_id,
    CASE WHEN found.reason IS NULL AND given.received_at < ${instantOf("$2::bigint")} THEN 'expired' ELSE ${EXPOSURE_VERDICT} END AS verdict,
    ${NEXT_TRY} AS next_try_at
  FROM given LEFT JOIN ${decisionNamedBy("given.decision_id")} ON true
), exposed AS MATERIALIZED (
  SELECT * FROM judged WHERE verdict = 'exposed'
), first AS (
  ${takeExposures("exposed")}
), noted AS (
  ${noteSubjects("exposed")}
), done AS (
  DELETE FROM pending_exposures AS held USING exposed WHERE held.environment_id = exposed.environment_id AND held.event_id = exposed.event_id
), over AS (
  UPDATE pending_exposures AS held SET outcome = judged.verdict, next_try_at = NULL FROM judged
  WHERE held.environment_id = judged.environment_id AND held.event_id = judged.event_id AND judged.verdict NOT IN ('exposed', 'pending')
), later AS (
  UPDATE pending_exposures AS held SET next_try_at = judged.next_try_at FROM judged
  WHERE held.environment_id = judged.environment_id AND held.event_id = judged.event_id AND judged.verdict = 'pending'
)
SELECT count(*) FILTER (WHERE verdict = 'exposed') AS counted, count(*) FILTER (WHERE verdict IN ('wrong_subject', 'not_assigned')) AS refused,
  count(*) FILTER (WHERE verdict = 'expired') AS expired, count(*) FILTER (WHERE verdict = 'pending') AS waiting
FROM judged`;

const WAITING = "SELECT count(*) AS waiting FROM pending_exposures WHERE outcome IS NULL";

/** Looks for decisions of exposures in Postgres or PGlite. */
export class PgPendingExposures implements PendingExposures {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  resolve({ giveUpBefore, limit, now }: PendingQuestion): Promise<PendingProgress> {
    return guarded(async () => {
      const statement = { text: RESOLVE, values: [now, giveUpBefore, limit] };
      const { rows } = await runRecording(this.#pool, (connection) => connection.query(statement));
      const figure = (name: keyof PendingProgress): number => Number(rows[0]?.[name]);
      return {
        counted: figure("counted"),
        refused: figure("refused"),
        expired: figure("expired"),
        waiting: figure("waiting"),
      };
    });
  }

  waiting(): Promise<number> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: WAITING });
      return Number(rows[0]?.["waiting"]);
    });
  }
}

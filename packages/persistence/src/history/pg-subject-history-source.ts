import type { SubjectHistory, SubjectHistorySource } from "@lotty/domain";
import { CallBatcher, type BatchLimits } from "../batching/call-batcher.ts";
import { settleByHalves } from "../batching/settle-by-halves.ts";
import { toDatabaseError } from "../database-error.ts";
import { textArray } from "../sql/array-literal.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { toAssignment } from "./assignment-row.ts";

/**
 * For each subject one range of the primary key of `assignments`. LATERAL with OFFSET 0 keeps it that way: the planner
 * cannot know how few subjects a list has, and must not read the table instead.
 */
const LOAD = `
SELECT wanted.call, held.experiment_id, held.variant_id, ${microsOf("held.first_decided_at")} AS first_decided_at,
  ${microsOf("held.last_decided_at")} AS last_decided_at
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS wanted (environment_id, subject_id, call)
CROSS JOIN LATERAL (
  SELECT * FROM assignments
  WHERE assignments.environment_id = wanted.environment_id AND assignments.subject_id = wanted.subject_id
  OFFSET 0
) AS held`;

/**
 * Look-ups that share a statement share its round trip and its planning: `pnpm bench growth` shows the cost of one alone beside one of
 * 32. The limit of 200 bounds how long one statement holds its connection; it is not an optimum that was searched for.
 */
export const POSTGRES_LOOKUP_LIMITS: BatchLimits = {
  maxBatchRows: 200,
  maxInFlight: 2,
  maxWaitingRows: 10_000,
  maxWaitMillis: 3_000,
};

/** PGlite works on the thread of the event loop, which large batches would block. */
export const EMBEDDED_LOOKUP_LIMITS: BatchLimits = { ...POSTGRES_LOOKUP_LIMITS, maxBatchRows: 50, maxInFlight: 1 };

interface Lookup {
  readonly environmentId: string;
  readonly subjectId: string;
}

/** Reads histories from Postgres or PGlite; concurrent look-ups share a statement. */
export class PgSubjectHistorySource implements SubjectHistorySource {
  readonly #batcher: CallBatcher<Lookup, SubjectHistory>;

  constructor(pool: SqlPool, limits: BatchLimits) {
    this.#batcher = new CallBatcher({
      ...limits,
      rowsOf: () => 1,
      refusalCode: "database_unavailable",
      run: (lookups) => settleByHalves(lookups, { run: (some) => loadHistories(pool, some), toError: toDatabaseError }),
    });
  }

  load(environmentId: string, subjectId: string): Promise<SubjectHistory> {
    return this.#batcher.submit({ environmentId, subjectId });
  }

  /** Takes no more look-ups and resolves when all that were taken are settled. */
  close(): Promise<void> {
    return this.#batcher.close();
  }
}

async function loadHistories(pool: SqlPool, lookups: readonly Lookup[]): Promise<readonly SubjectHistory[]> {
  const values = [
    textArray(lookups.map(({ environmentId }) => environmentId)),
    textArray(lookups.map(({ subjectId }) => subjectId)),
  ];
  const { rows } = await runStatement(pool, { name: "lotty_load_histories", text: LOAD, values });
  if (rows.length === 0) return lookups.map(() => []);
  const held = Map.groupBy(rows, (row) => Number(row["call"]));
  return lookups.map((_, index) => (held.get(index + 1) ?? []).map(toAssignment));
}

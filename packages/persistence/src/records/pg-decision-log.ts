import type { DecisionLog, DecisionPage, DecisionQuestion, DecisionRecord } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { smallestId } from "../partitions/partition-day.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { DECISION_COLUMNS, toDecisionRecord } from "./decision-row.ts";

/** One partition by its bounds, then its primary key. */
export const FIND_DECISION: string = `SELECT ${DECISION_COLUMNS} FROM decisions WHERE decision_id = $1 AND environment_id = $2`;

/**
 * Most rows of the log that one page looks at when no index leads to what it wants: some tens of milliseconds. An index on
 * experiments or flags would make every decision dearer; see ADR 0014.
 */
export const MAX_SCANNED_ROWS = 50_000;

/** The oldest row that a page looks at, where there are more; read from the primary key alone. */
const WINDOW_END = `
SELECT decision_id FROM decisions WHERE decision_id >= $1 AND decision_id < $2 ORDER BY decision_id DESC OFFSET $3 LIMIT 1`;

/** Reads the log of decisions on Postgres or PGlite. */
export class PgDecisionLog implements DecisionLog {
  readonly #pool: SqlPool;
  readonly #maxScannedRows: number;

  constructor(pool: SqlPool, maxScannedRows: number = MAX_SCANNED_ROWS) {
    this.#pool = pool;
    this.#maxScannedRows = maxScannedRows;
  }

  find(environmentId: string, decisionId: string): Promise<DecisionRecord | null> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: FIND_DECISION, values: [decisionId, environmentId] });
      return rows[0] === undefined ? null : toDecisionRecord(rows[0]);
    });
  }

  list(question: DecisionQuestion): Promise<DecisionPage> {
    return guarded(async () => {
      const { before, from, limit, to } = question;
      const [oldest, end] = [smallestId(from), smallestId(to)];
      // Lower-case UUIDs sort as text as they do as values.
      const below = before !== undefined && before < end ? before : end;
      const windowEnd = question.subjectId === undefined ? await this.#windowEnd(oldest, below) : null;
      const decisions = await this.#read(question, { from: windowEnd ?? oldest, below });
      if (decisions.length <= limit) return { decisions, next: windowEnd };
      const page = decisions.slice(0, limit);
      return { decisions: page, next: page.at(-1)?.decisionId ?? null };
    });
  }

  async #windowEnd(oldest: string, below: string): Promise<string | null> {
    const values = [oldest, below, this.#maxScannedRows - 1];
    const { rows } = await runStatement(this.#pool, { text: WINDOW_END, values });
    return rows[0] === undefined ? null : String(rows[0]["decision_id"]);
  }

  /** One more than the page holds tells whether there is another. */
  async #read(question: DecisionQuestion, ids: IdRange): Promise<readonly DecisionRecord[]> {
    const { environmentId, experimentId, flagKey, limit, subjectId } = question;
    const values: unknown[] = [ids.from, ids.below, environmentId];
    const conditions = ["decision_id >= $1", "decision_id < $2", "environment_id = $3"];
    const narrow = (column: string, value: string | undefined): void => {
      if (value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
    };
    narrow("subject_id", subjectId);
    narrow("experiment_id", experimentId);
    narrow("flag_key", flagKey);
    const text = `SELECT ${DECISION_COLUMNS} FROM decisions WHERE ${conditions.join(" AND ")}
      ORDER BY decision_id DESC LIMIT $${values.push(limit + 1)}`;
    const { rows } = await runStatement(this.#pool, { text, values });
    return rows.map(toDecisionRecord);
  }
}

/** From one id up to another, which is not part of it. */
interface IdRange {
  readonly from: string;
  readonly below: string;
}

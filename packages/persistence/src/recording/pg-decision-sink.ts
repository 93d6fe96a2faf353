import type { DecisionRecord, DecisionSink } from "@lotty/domain";
import { toRecordingError } from "../database-error.ts";
import { inTransaction, queryAll, type SqlPool, type SqlStatement } from "../sql/sql-pool.ts";
import { insertStatement } from "./insert-statement.ts";
import { checkEncodable, writeStatement } from "./record-statement.ts";
import { runRecording } from "./run-recording.ts";

/** Writes decisions in bulk to Postgres or PGlite. */
export class PgDecisionSink implements DecisionSink {
  readonly #pool: SqlPool;
  readonly #rowsPerStatement: number;

  /** @param rowsPerStatement larger calls are cut into several statements of one transaction */
  constructor(pool: SqlPool, rowsPerStatement: number) {
    this.#pool = pool;
    this.#rowsPerStatement = rowsPerStatement;
  }

  async write(decisions: readonly DecisionRecord[]): Promise<void> {
    if (decisions.length === 0) return;
    decisions.forEach(checkEncodable);
    const statements = this.#cut(decisions).map(statementFor);
    try {
      await runRecording(this.#pool, async (connection) => {
        const [only] = statements;
        // A single statement is a transaction by itself and saves two round trips.
        if (statements.length === 1 && only !== undefined) await connection.query(only);
        else await inTransaction(connection, () => queryAll(connection, statements));
      });
    } catch (error) {
      throw toRecordingError(error);
    }
  }

  #cut(decisions: readonly DecisionRecord[]): readonly (readonly DecisionRecord[])[] {
    const parts: (readonly DecisionRecord[])[] = [];
    for (let start = 0; start < decisions.length; start += this.#rowsPerStatement) {
      parts.push(decisions.slice(start, start + this.#rowsPerStatement));
    }
    return parts;
  }
}

/** What comes through the stream is nearly always the cheaper kind: assignments are committed before the answer. */
function statementFor(decisions: readonly DecisionRecord[]): SqlStatement {
  return decisions.some(hasConsequences) ? writeStatement(decisions) : insertStatement(decisions);
}

/** Whether more than a row of the log follows from a decision. */
function hasConsequences({ attributes, reason }: DecisionRecord): boolean {
  return reason === "experiment_assigned" || attributes !== undefined;
}

import { createHmac, randomUUID } from "node:crypto";
import {
  erasedSubjectId,
  LottyError,
  type AuditLink,
  type Erasure,
  type ErasureRequest,
  type SubjectEraser,
} from "@lotty/domain";
import { guardedWithChain, type ChainAppender } from "../control/audit-chain.ts";
import { guarded } from "../database-error.ts";
import { eraseEvents } from "../events/erase-events.ts";
import { eraseMeasures } from "../metrics/write-measures.ts";
import { exactText } from "../sql/exact-text.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import { inTransaction, runStatement, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";

/** The lock under which `lotty_record_decisions` checks first assignments of the subject. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2::text, 0))";

const ANONYMISE = `
UPDATE decisions SET subject_id = $3, attributes_digest = NULL WHERE environment_id = $1 AND subject_id = $2`;

const UNASSIGN = "DELETE FROM assignments WHERE environment_id = $1 AND subject_id = $2";

const REMOVE_ATTRIBUTES = "DELETE FROM attribute_sets WHERE environment_id = $1 AND subject_id = $2";

const NOTE = `
INSERT INTO erasures (erasure_id, environment_id, subject_hash, erased_at, erased_by, decisions, assignments, events)
VALUES ($1, $2, decode($3, 'hex'), ${instantOf("$4::bigint")}, $5, $6, $7, $8)`;

const NOTED = `
SELECT erasure_id, ${microsOf("erased_at")} AS erased_at, ${exactText("erased_by")}, decisions, assignments, events FROM erasures
WHERE environment_id = $1 AND subject_hash = decode($2, 'hex') ORDER BY erased_at DESC LIMIT 100`;

const KEY = "SELECT encode(key, 'hex') AS key FROM erasure_key";

/** What an eraser works on. */
export interface EraserParts {
  readonly append: ChainAppender;
  readonly pool: SqlPool;
  /** Runs work on a pool whose statements may take as long as they need: a subject may have very many decisions. */
  readonly withPatientPool: <Result>(work: (pool: SqlPool) => Promise<Result>) => Promise<Result>;
}

/** Erases subjects on Postgres or PGlite. */
export class PgSubjectEraser implements SubjectEraser {
  readonly #parts: EraserParts;

  constructor(parts: EraserParts) {
    this.#parts = parts;
  }

  erase(request: ErasureRequest, audit: (erasure: Erasure) => AuditLink): Promise<Erasure> {
    const { append, withPatientPool } = this.#parts;
    return guardedWithChain(() =>
      withPatientPool((pool) =>
        withConnection(pool, (connection) =>
          inTransaction(connection, async () => {
            const erasure = await eraseSubject(connection, request);
            await append(connection, audit(erasure));
            return erasure;
          }),
        ),
      ),
    );
  }

  erasuresOf(environmentId: string, subjectId: string): Promise<readonly Erasure[]> {
    return guarded(async () => {
      const hash = await withConnection(this.#parts.pool, (connection) => hashOf(connection, environmentId, subjectId));
      const { rows } = await runStatement(this.#parts.pool, { text: NOTED, values: [environmentId, hash] });
      return rows.map((row) => ({
        erasureId: String(row["erasure_id"]),
        at: Number(row["erased_at"]),
        by: String(row["erased_by"]),
        decisions: Number(row["decisions"]),
        assignments: Number(row["assignments"]),
        events: row["events"] === null ? null : Number(row["events"]),
      }));
    });
  }
}

async function eraseSubject(connection: SqlConnection, request: ErasureRequest): Promise<Erasure> {
  const { at, by, environmentId, subjectId } = request;
  const subject = [environmentId, subjectId];
  await connection.query({ text: LOCK, values: subject });
  const pseudonym = erasedSubjectId(randomUUID());
  const decisions = await connection.query({ text: ANONYMISE, values: [...subject, pseudonym] });
  // Afterwards, so that whoever was repeating an assignment meanwhile has to wait for the row and then finds it gone.
  const assignments = await connection.query({ text: UNASSIGN, values: subject });
  await connection.query({ text: REMOVE_ATTRIBUTES, values: subject });
  const events = await eraseEvents(connection, { environmentId, subjectId, pseudonym, at });
  await eraseMeasures(connection, environmentId, subjectId);
  const erasure: Erasure = {
    erasureId: randomUUID(),
    at,
    by,
    decisions: decisions.rowCount ?? 0,
    assignments: assignments.rowCount ?? 0,
    events,
  };
  const hash = await hashOf(connection, environmentId, subjectId);
  const counts = [erasure.decisions, erasure.assignments, erasure.events];
  const values = [erasure.erasureId, environmentId, hash, at, by, ...counts];
  await connection.query({ text: NOTE, values });
  return erasure;
}

async function hashOf(connection: SqlConnection, environmentId: string, subjectId: string): Promise<string> {
  const { rows } = await connection.query({ text: KEY });
  if (rows[0] === undefined) throw new LottyError("schema_mismatch", "The database has no key for erasures");
  const key = Buffer.from(String(rows[0]["key"]), "hex");
  return createHmac("sha256", key).update(`${environmentId} ${subjectId}`).digest("hex");
}

import type {
  IdempotencyClaim,
  IdempotencyHorizon,
  IdempotencyStore,
  IdempotentRequest,
  KeptAnswer,
} from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool, type SqlRow, type SqlStatement } from "../sql/sql-pool.ts";
import { keptAnswerOf } from "./kept-answer.ts";

/** Remembers requests in Postgres or PGlite. */
export class PgIdempotencyStore implements IdempotencyStore {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  async claim(request: IdempotentRequest, { abandoned, forgotten }: IdempotencyHorizon): Promise<IdempotencyClaim> {
    await this.#run({
      text: `DELETE FROM idempotent_requests WHERE began_at <= ${instantOf("$1::bigint")}`,
      values: [forgotten],
    });
    const { caller, keyDigest, at } = request;
    const { rowCount } = await this.#run({
      text: `INSERT INTO idempotent_requests AS known (caller, key_digest, fingerprint, began_at)
        VALUES ($1, decode($2, 'hex'), decode($3, 'hex'), ${instantOf("$4::bigint")})
        ON CONFLICT (caller, key_digest)
        DO UPDATE SET fingerprint = excluded.fingerprint, began_at = excluded.began_at
        WHERE known.answer IS NULL AND known.began_at <= ${instantOf("$5::bigint")}`,
      values: [caller, keyDigest, request.fingerprint, at, abandoned],
    });
    if (rowCount === 1) return { kind: "first" };
    const { rows } = await this.#run({
      text: `SELECT encode(fingerprint, 'hex') AS fingerprint, answer::text AS answer
        FROM idempotent_requests WHERE caller = $1 AND key_digest = decode($2, 'hex')`,
      values: [caller, keyDigest],
    });
    return claimOf(rows[0], request);
  }

  async complete(request: IdempotentRequest, answer: KeptAnswer): Promise<void> {
    await this.#run({
      text: `UPDATE idempotent_requests SET answer = $4::text::json WHERE ${THIS_ATTEMPT}`,
      values: [...attemptOf(request), JSON.stringify(answer)],
    });
  }

  async release(request: IdempotentRequest): Promise<void> {
    await this.#run({
      text: `DELETE FROM idempotent_requests WHERE ${THIS_ATTEMPT}`,
      values: attemptOf(request),
    });
  }

  #run(statement: SqlStatement): ReturnType<typeof runStatement> {
    return guarded(() => runStatement(this.#pool, statement));
  }
}

const THIS_ATTEMPT = `caller = $1 AND key_digest = decode($2, 'hex') AND began_at = ${instantOf("$3::bigint")}`;

function attemptOf({ at, caller, keyDigest }: IdempotentRequest): readonly unknown[] {
  return [caller, keyDigest, at];
}

function claimOf(row: SqlRow | undefined, { fingerprint }: IdempotentRequest): IdempotencyClaim {
  // Released between the two statements: whoever comes again finds it free.
  if (row === undefined) return { kind: "in_flight" };
  if (row["fingerprint"] !== fingerprint) return { kind: "other_request" };
  const { answer } = row;
  return typeof answer === "string" ? { kind: "answered", answer: keptAnswerOf(answer) } : { kind: "in_flight" };
}

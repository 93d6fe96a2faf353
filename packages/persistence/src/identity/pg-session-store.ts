import type { Instant } from "@lotty/domain";
import type { Session, SessionStore, SessionWithUser } from "@lotty/identity";
import { guarded } from "../database-error.ts";
import { textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool, type SqlRow, type SqlStatement } from "../sql/sql-pool.ts";
import { SESSION_COLUMNS, sessionOf, USER_COLUMNS, userOf } from "./identity-rows.ts";

const SELECT_SESSIONS = `SELECT ${SESSION_COLUMNS}, ${USER_COLUMNS} FROM sessions AS s JOIN users AS u ON u.id = s.user_id`;

/** Keeps sessions in Postgres or PGlite. */
export class PgSessionStore implements SessionStore {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  async addSession({ createdAt, digest, lastSeenAt, userId }: Session): Promise<void> {
    await this.#run({
      text: `INSERT INTO sessions (digest, user_id, created_at, last_seen_at)
        VALUES ($1::bytea, $2::uuid, ${instantOf("$3::bigint")}, ${instantOf("$4::bigint")})`,
      values: [digest, userId, createdAt, lastSeenAt],
    });
  }

  async findSession(digest: Buffer): Promise<SessionWithUser | undefined> {
    const [row] = (await this.#run({ text: `${SELECT_SESSIONS} WHERE s.digest = $1::bytea`, values: [digest] })).rows;
    return row && withUser(row);
  }

  async findSessions(digests: readonly Buffer[]): Promise<readonly SessionWithUser[]> {
    const values = [textArray(digests.map((digest) => `\\x${digest.toString("hex")}`))];
    const { rows } = await this.#run({ text: `${SELECT_SESSIONS} WHERE s.digest = ANY ($1::bytea[])`, values });
    return rows.map(withUser);
  }

  async touchSession(digest: Buffer, seenAt: Instant): Promise<void> {
    const text = `UPDATE sessions SET last_seen_at = greatest(last_seen_at, ${instantOf("$2::bigint")}) WHERE digest = $1::bytea`;
    await this.#run({ text, values: [digest, seenAt] });
  }

  async removeSession(digest: Buffer): Promise<void> {
    await this.#run({ text: "DELETE FROM sessions WHERE digest = $1::bytea", values: [digest] });
  }

  async removeSessionsOf(userId: string): Promise<number> {
    const { rows } = await this.#run({
      text: "DELETE FROM sessions WHERE user_id = $1::uuid RETURNING user_id",
      values: [userId],
    });
    return rows.length;
  }

  async removeEndedSessions(before: { readonly createdAt: Instant; readonly lastSeenAt: Instant }): Promise<void> {
    const { createdAt, lastSeenAt } = before;
    await this.#run({
      text: `DELETE FROM sessions
        WHERE created_at <= ${instantOf("$1::bigint")} OR last_seen_at <= ${instantOf("$2::bigint")}`,
      values: [createdAt, lastSeenAt],
    });
  }

  #run(statement: SqlStatement): ReturnType<typeof runStatement> {
    return guarded(() => runStatement(this.#pool, statement));
  }
}

function withUser(row: SqlRow): SessionWithUser {
  const { passwordHash: _, ...user } = userOf(row);
  return { session: sessionOf(row), user };
}

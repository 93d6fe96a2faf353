import type { AuditLink, AuditOf, Instant } from "@lotty/domain";
import { type ApiKey, KEY_NOTICE_ID, type KeyStore, type LiveKeys } from "@lotty/identity";
import { type ChainAppender, guardedWithChain } from "../control/audit-chain.ts";
import { guarded } from "../database-error.ts";
import { CHANGE_CHANNEL, encodeNotice } from "../notices/change-channel.ts";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlConnection, type SqlPool, type SqlStatement } from "../sql/sql-pool.ts";
import { withIdentityLock } from "./identity-lock.ts";
import { KEY_COLUMNS, keyOf } from "./identity-rows.ts";

const SELECT_KEYS = `SELECT ${KEY_COLUMNS} FROM api_keys AS k JOIN environments AS e ON e.id = k.environment_id`;

/** Keeps API keys in Postgres or PGlite. */
export class PgKeyStore implements KeyStore {
  readonly #pool: SqlPool;
  readonly #append: ChainAppender;

  constructor(pool: SqlPool, append: ChainAppender) {
    this.#pool = pool;
    this.#append = append;
  }

  async listKeys(): Promise<readonly ApiKey[]> {
    const { rows } = await this.#run({ text: `${SELECT_KEYS} ORDER BY k.id DESC` });
    return rows.map(keyOf);
  }

  async findKey(id: string): Promise<ApiKey | undefined> {
    const [row] = (await this.#run(selectionOf(id))).rows;
    return row && keyOf(row);
  }

  addKey(key: ApiKey, audit: AuditOf<ApiKey>): Promise<boolean> {
    return this.#change(async (connection) => {
      const { rowCount } = await connection.query(insertion(key));
      return rowCount === 1 ? audit(null, key) : undefined;
    });
  }

  async revokeKey(id: string, at: Instant, audit: AuditOf<ApiKey>): Promise<boolean> {
    const revoked = await this.#change(async (connection) => {
      const [row] = (await connection.query(selectionOf(id))).rows;
      const key = row && keyOf(row);
      if (key === undefined || key.revokedAt !== null) return undefined;
      await connection.query({
        text: `UPDATE api_keys SET revoked_at = ${instantOf("$2::bigint")} WHERE id = $1::uuid`,
        values: [id, at],
      });
      return audit(key, { ...key, revokedAt: at });
    });
    return revoked || (await this.findKey(id)) !== undefined;
  }

  async loadLiveKeys(): Promise<LiveKeys> {
    // One statement, so that keys and generation belong together.
    const { rows } = await this.#run({
      text: `SELECT i.generation, k.* FROM identity_state AS i
        LEFT JOIN (${SELECT_KEYS} WHERE k.revoked_at IS NULL) AS k ON true`,
    });
    return {
      generation: Number(rows[0]?.["generation"]),
      keys: rows.filter((row) => row["id"] !== null).map(keyOf),
    };
  }

  async keyGeneration(): Promise<number> {
    const { rows } = await this.#run({ text: "SELECT generation FROM identity_state" });
    return Number(rows[0]?.["generation"]);
  }

  async noteUse(uses: ReadonlyMap<string, Instant>): Promise<void> {
    await this.#run({
      text: `UPDATE api_keys AS k SET last_used_at = greatest(k.last_used_at, ${instantOf("used.at")})
        FROM unnest($1::uuid[], $2::bigint[]) AS used (id, at) WHERE k.id = used.id`,
      values: [textArray([...uses.keys()]), plainArray([...uses.values()])],
    });
  }

  async findEnvironment(key: string): Promise<string | undefined> {
    const [row] = (
      await this.#run({ text: "SELECT id FROM environments WHERE key = $1 AND archived_at IS NULL", values: [key] })
    ).rows;
    return row && String(row["id"]);
  }

  /** What changes something makes a new generation, is put on record, and tells of it at the commit. */
  #change(work: (connection: SqlConnection) => Promise<AuditLink | undefined>): Promise<boolean> {
    return guardedWithChain(() =>
      withIdentityLock(this.#pool, async (connection) => {
        const link = await work(connection);
        if (link === undefined) return false;
        const { rows } = await connection.query({
          text: "UPDATE identity_state SET generation = generation + 1 RETURNING generation",
        });
        const revision = Number(rows[0]?.["generation"]);
        const notice = encodeNotice({ environmentId: KEY_NOTICE_ID, revision });
        await connection.query({ text: "SELECT pg_notify($1, $2)", values: [CHANGE_CHANNEL, notice] });
        await this.#append(connection, link);
        return true;
      }),
    );
  }

  #run(statement: SqlStatement): ReturnType<typeof runStatement> {
    return guarded(() => runStatement(this.#pool, statement));
  }
}

function selectionOf(id: string): SqlStatement {
  return { text: `${SELECT_KEYS} WHERE k.id = $1::uuid`, values: [id] };
}

function insertion(key: ApiKey): SqlStatement {
  return {
    text: `INSERT INTO api_keys (id, prefix, digest, name, type, scopes, roles, environment_id, created_by, created_at,
        expires_at, revoked_at, last_used_at)
      VALUES ($1::uuid, $2, $3::bytea, $4, $5, $6::text[], $7::text[], $8::uuid, $9, ${instantOf("$10::bigint")},
        ${instantOf("$11::bigint")}, ${instantOf("$12::bigint")}, ${instantOf("$13::bigint")})
      ON CONFLICT (prefix) DO NOTHING`,
    values: [
      key.id,
      key.prefix,
      key.digest,
      key.name,
      key.type,
      textArray(key.scopes),
      textArray(key.roles),
      key.environmentId,
      key.createdBy,
      key.createdAt,
      key.expiresAt,
      key.revokedAt,
      key.lastUsedAt,
    ],
  };
}

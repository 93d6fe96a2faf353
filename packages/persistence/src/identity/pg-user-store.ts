import type { AuditOf } from "@lotty/domain";
import type { User, UserChange, UserChangeOutcome, UserStore, UserWithPassword } from "@lotty/identity";
import { type ChainAppender, guardedWithChain } from "../control/audit-chain.ts";
import { guarded } from "../database-error.ts";
import { textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlConnection, type SqlPool, type SqlStatement } from "../sql/sql-pool.ts";
import { withIdentityLock } from "./identity-lock.ts";
import { USER_COLUMNS, userOf } from "./identity-rows.ts";

/** Keeps people in Postgres or PGlite. */
export class PgUserStore implements UserStore {
  readonly #pool: SqlPool;
  readonly #append: ChainAppender;

  constructor(pool: SqlPool, append: ChainAppender) {
    this.#pool = pool;
    this.#append = append;
  }

  async listUsers(): Promise<readonly User[]> {
    const { rows } = await this.#run({ text: `SELECT ${USER_COLUMNS} FROM users AS u ORDER BY u.name` });
    return rows.map((row) => withoutPassword(userOf(row)));
  }

  findUser(id: string): Promise<UserWithPassword | undefined> {
    return this.#findBy("id", id);
  }

  findUserByName(name: string): Promise<UserWithPassword | undefined> {
    return this.#findBy("name", name);
  }

  addUser(user: UserWithPassword, audit: AuditOf<User>): Promise<boolean> {
    return guardedWithChain(() => withIdentityLock(this.#pool, (connection) => this.#insert(connection, user, audit)));
  }

  addFirstUser(user: UserWithPassword, audit: AuditOf<User>): Promise<boolean> {
    return guardedWithChain(() =>
      withIdentityLock(this.#pool, async (connection) => {
        const { rows } = await connection.query({ text: "SELECT FROM users LIMIT 1" });
        return rows.length === 0 && this.#insert(connection, user, audit);
      }),
    );
  }

  changeUser(id: string, change: UserChange, audit: AuditOf<User>): Promise<UserChangeOutcome> {
    const { disabled, keepSession, passwordHash, roles, updatedAt } = change;
    return this.#unlessLastAdmin(id, {
      text: `UPDATE users SET roles = coalesce($2::text[], roles), disabled = coalesce($3::boolean, disabled),
          password_hash = coalesce($4::text, password_hash), updated_at = ${instantOf("$5::bigint")}
        WHERE id = $1::uuid`,
      values: [id, roles === undefined ? null : textArray(roles), disabled ?? null, passwordHash ?? null, updatedAt],
      isAdminAfter: (person) => !(disabled ?? person.disabled) && (roles ?? person.roles).includes("admin"),
      endsSessions: passwordHash !== undefined || disabled === true,
      keepSession,
      audit,
    });
  }

  async strengthenHash(id: string, from: string, to: string): Promise<void> {
    const text = "UPDATE users SET password_hash = $3 WHERE id = $1::uuid AND password_hash = $2";
    await this.#run({ text, values: [id, from, to] });
  }

  removeUser(id: string, audit: AuditOf<User>): Promise<UserChangeOutcome> {
    return this.#unlessLastAdmin(id, {
      text: "DELETE FROM users WHERE id = $1::uuid",
      values: [id],
      isAdminAfter: () => false,
      // They go with the person.
      endsSessions: false,
      audit,
    });
  }

  /** Changes a person unless no admin would be left. The lock keeps others from changing theirs meanwhile. */
  #unlessLastAdmin(
    id: string,
    { audit, endsSessions, isAdminAfter, keepSession, ...statement }: PersonStatement,
  ): Promise<UserChangeOutcome> {
    return guardedWithChain(() =>
      withIdentityLock(this.#pool, async (connection): Promise<UserChangeOutcome> => {
        const person = await findPerson(connection, id);
        if (person === undefined) return "not_found";
        if (!isAdminAfter(person) && !(await hasOtherAdmin(connection, id))) return "last_admin";
        await connection.query(statement);
        if (endsSessions) await endSessions(connection, id, keepSession);
        await this.#append(connection, audit(person, (await findPerson(connection, id)) ?? null));
        return "done";
      }),
    );
  }

  async #insert(connection: SqlConnection, user: UserWithPassword, audit: AuditOf<User>): Promise<boolean> {
    if (!(await insert(connection, user))) return false;
    await this.#append(connection, audit(null, withoutPassword(user)));
    return true;
  }

  async #findBy(column: "id" | "name", value: string): Promise<UserWithPassword | undefined> {
    const type = column === "id" ? "uuid" : "text";
    const text = `SELECT ${USER_COLUMNS} FROM users AS u WHERE u.${column} = $1::${type}`;
    const [row] = (await this.#run({ text, values: [value] })).rows;
    return row && userOf(row);
  }

  #run(statement: SqlStatement): ReturnType<typeof runStatement> {
    return guarded(() => runStatement(this.#pool, statement));
  }
}

/** A statement that changes one person, and what follows from it. */
interface PersonStatement extends SqlStatement {
  readonly isAdminAfter: (before: User) => boolean;
  readonly endsSessions: boolean;
  readonly keepSession?: Buffer | undefined;
  readonly audit: AuditOf<User>;
}

async function insert(connection: SqlConnection, user: UserWithPassword): Promise<boolean> {
  const { rowCount } = await connection.query({
    text: `INSERT INTO users (id, name, roles, disabled, password_hash, created_at, updated_at)
      VALUES ($1::uuid, $2, $3::text[], $4, $5, ${instantOf("$6::bigint")}, ${instantOf("$7::bigint")})
      ON CONFLICT (name) DO NOTHING`,
    values: [
      user.id,
      user.name,
      textArray(user.roles),
      user.disabled,
      user.passwordHash,
      user.createdAt,
      user.updatedAt,
    ],
  });
  return rowCount === 1;
}

async function findPerson(connection: SqlConnection, id: string): Promise<User | undefined> {
  const text = `SELECT ${USER_COLUMNS} FROM users AS u WHERE u.id = $1::uuid`;
  const [row] = (await connection.query({ text, values: [id] })).rows;
  return row && withoutPassword(userOf(row));
}

async function hasOtherAdmin(connection: SqlConnection, id: string): Promise<boolean> {
  const text = "SELECT FROM users WHERE id <> $1::uuid AND NOT disabled AND 'admin' = ANY (roles) LIMIT 1";
  return (await connection.query({ text, values: [id] })).rows.length > 0;
}

async function endSessions(connection: SqlConnection, id: string, keep: Buffer | undefined): Promise<void> {
  const text = "DELETE FROM sessions WHERE user_id = $1::uuid AND ($2::bytea IS NULL OR digest <> $2::bytea)";
  await connection.query({ text, values: [id, keep ?? null] });
}

function withoutPassword(person: UserWithPassword): User {
  const { passwordHash: _, ...user } = person;
  return user;
}

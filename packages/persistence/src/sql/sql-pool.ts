/** A row as the driver gives it: column name to parsed value. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One statement with its parameters. */
export interface SqlStatement {
  readonly text: string;
  /** Name under which a connection keeps the plan; statements that run often have one. */
  readonly name?: string;
  readonly values?: readonly unknown[];
}

/** What a statement gave back. */
export interface SqlResult {
  readonly rows: readonly SqlRow[];
  /** Rows read or changed; `null` for statements that have no such number. */
  readonly rowCount: number | null;
  /** The statement's command, such as `SELECT`. */
  readonly command: string;
}

/** A connection that belongs to the caller until it is released. */
export interface SqlConnection {
  query(statement: SqlStatement): Promise<SqlResult>;
  /** Gives the connection back; with `true` it is thrown away because its state is unknown. */
  release(destroy?: boolean): void;
}

/**
 * What the adapters need of a pool: the common part of `pg.Pool` and {@link EmbeddedPool}. The counts are there because
 * knex asks for them when it is given a pool.
 */
export interface SqlPool {
  connect(): Promise<SqlConnection>;
  end(): Promise<void>;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/**
 * Runs one statement on a connection of its own. A failure of the statement keeps the connection, a failure of the
 * connection throws it away.
 */
export function runStatement(pool: SqlPool, statement: SqlStatement): Promise<SqlResult> {
  return withConnection(pool, (connection) => connection.query(statement));
}

/** Runs some statements on one connection and gives it back whatever happens. */
export async function withConnection<Result>(
  pool: SqlPool,
  work: (connection: SqlConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  let result: Result;
  try {
    result = await work(connection);
  } catch (error) {
    connection.release(sqlState(error) === undefined);
    throw error;
  }
  connection.release();
  return result;
}

/** Runs work in one transaction of the connection. */
export async function inTransaction<Result>(connection: SqlConnection, work: () => Promise<Result>): Promise<Result> {
  await connection.query({ text: "BEGIN" });
  try {
    const result = await work();
    await connection.query({ text: "COMMIT" });
    return result;
  } catch (error) {
    // On a broken connection this fails too, but then there is nothing left to roll back.
    await connection.query({ text: "ROLLBACK" }).catch(() => undefined);
    throw error;
  }
}

/** Runs statements one after the other. */
export async function queryAll(connection: SqlConnection, statements: readonly SqlStatement[]): Promise<void> {
  for (const statement of statements) await connection.query(statement);
}

const SQL_STATE = /^[0-9A-Z]{5}$/;

/** The SQLSTATE that a server gave to an error; `undefined` when the error did not come from the server. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  // Node's own codes ("EPIPE") may have five letters too; only errors of the server have a severity.
  return typeof code === "string" && SQL_STATE.test(code) && "severity" in error ? code : undefined;
}

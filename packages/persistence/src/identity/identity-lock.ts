import { inTransaction, type SqlConnection, type SqlPool, withConnection } from "../sql/sql-pool.ts";

/** Runs work in a transaction that is alone in changing people and keys. Such changes are rare and short. */
export function withIdentityLock<Result>(
  pool: SqlPool,
  work: (connection: SqlConnection) => Promise<Result>,
): Promise<Result> {
  return withConnection(pool, (connection) =>
    inTransaction(connection, async () => {
      await connection.query({ text: "SELECT generation FROM identity_state FOR UPDATE" });
      return work(connection);
    }),
  );
}

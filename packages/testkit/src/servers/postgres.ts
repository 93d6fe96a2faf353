import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { serverUrl } from "./server-url.ts";

/** A database that belongs to one test file. */
export interface TestDatabase {
  /** Connection URL; its user may do anything in the database. */
  readonly url: string;
  /** Removes the database, cutting connections that are still open. Calling it twice does no harm. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database with a name of its own on the server at `LOTTY_TEST_POSTGRES_URL`.
 *
 * @throws Error when the variable is not set or the server refuses
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = serverUrl("LOTTY_TEST_POSTGRES_URL", "Postgres");
  const name = `lotty_test_${randomUUID().replaceAll("-", "")}`;
  // template0 takes no connections, so parallel creations never wait for each other's.
  await run(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { serverUrl } from "./server-url.ts";

/** A database that belongs to one test file. */
export interface TestDatabase {
  /** Connection URL; its user may do anything in the database. */
  readonly url: string;
  /** Removes the database, cutting connections that stay open. Calling it twice does no harm. */
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
  await withConnection(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => withConnection(server, (client) => drop(client, name)) };
}

/** How long connections that are being closed may take to be gone. */
const CLOSING_MILLIS = 1_000;
const LOOK_MILLIS = 20;

/**
 * Drops a database. Pools report their end before the server has seen the end of each connection; one that is cut in
 * that moment raises an error that no test can catch. So they get a moment, and only what stays open is cut.
 */
async function drop(client: Client, name: string): Promise<void> {
  const deadline = performance.now() + CLOSING_MILLIS;
  while (performance.now() < deadline) {
    const { rowCount } = await client.query("SELECT FROM pg_stat_activity WHERE datname = $1", [name]);
    if (rowCount === 0) break;
    await sleep(LOOK_MILLIS);
  }
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function withConnection(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

import { existsSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgresReplica, type PostgresReplica } from "./start-postgres-replica.ts";
import { startPostgres } from "./start-postgres.ts";
import type { RunningServer } from "./server-process.ts";

let primary: RunningServer;
let replica: PostgresReplica;
beforeAll(async () => {
  primary = await startPostgres();
  await query(primary.url, "CREATE TABLE numbers AS SELECT * FROM generate_series(1, 1000) AS n");
  replica = await startPostgresReplica(primary.url);
});
afterAll(async () => {
  await replica.stop();
  await primary.stop();
});

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test("has what the primary had, and what it gets", async () => {
  await query(primary.url, "INSERT INTO numbers SELECT * FROM generate_series(1001, 3000)");
  await replica.caughtUp();
  expect(await query(replica.url, "SELECT count(*)::int AS n, pg_is_in_recovery() AS standby FROM numbers")).toEqual([
    { n: 3_000, standby: true },
  ]);
});

test("takes no writes", async () => {
  await expect(query(replica.url, "INSERT INTO numbers VALUES (1)")).rejects.toMatchObject({ code: "25006" });
});

test("leaves nothing behind", async () => {
  const another = await startPostgresReplica(primary.url);
  const [{ folder } = {}] = await query(another.url, "SELECT current_setting('data_directory') AS folder");
  expect(await query(primary.url, "SELECT FROM pg_replication_slots")).toHaveLength(2);
  await another.stop();
  expect(existsSync(String(folder))).toBe(false);
  expect(await query(primary.url, "SELECT FROM pg_replication_slots")).toHaveLength(1);
});

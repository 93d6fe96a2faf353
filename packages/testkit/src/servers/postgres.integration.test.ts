import { Client } from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "./postgres.ts";

async function query(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

test("databases made at the same time are empty and apart", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, "CREATE TABLE only_here ()");
  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
  expect(await query(one.url, tables)).toEqual([{ tablename: "only_here" }]);
  expect(await query(two.url, tables)).toEqual([]);
  await Promise.all([one.drop(), two.drop()]);
});

test("dropping a database cuts its open connections and may be repeated", async () => {
  const database = await createTestDatabase();
  const open = new Client({ connectionString: database.url });
  // The driver tells the cut twice: the server's notice, then the closed connection.
  const cut = new Promise((resolve) => open.on("error", resolve));
  await open.connect();
  await database.drop();
  expect(await cut).toBeInstanceOf(Error);
  await expect(query(database.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
  await database.drop();
});

test("what the server acknowledges is on disk", async () => {
  const database = await createTestDatabase();
  expect(await query(database.url, "SHOW fsync")).toEqual([{ fsync: "on" }]);
  await database.drop();
});

import { DEFAULT_ENVIRONMENT_ID, DEFAULT_ENVIRONMENT_KEY } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";
import { MIGRATIONS } from "./migration-list.ts";

describe("migrations", () => {
  const names = MIGRATIONS.map(({ name }) => name);
  let database: TestDatabase;
  let storage: Storage;
  let rival: Storage;
  let pool: Pool;

  beforeEach(async () => {
    database = await createTestDatabase();
    const options = { url: database.url, logger: new RecordingLogger() };
    storage = await openPostgres(options);
    rival = await openPostgres(options);
    pool = new Pool({ connectionString: database.url, max: 2 });
  });

  afterEach(async () => {
    await Promise.all([storage.close(), rival.close(), pool.end()]);
    await database.drop();
  });

  it("have names that stand in the order of their numbers", () => {
    expect(names).toStrictEqual(names.toSorted());
    const numbers = names.map((name) => name.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toMatch(/^\d{4}$/);
  });

  it("have no question mark, which knex would take for a parameter", () => {
    for (const { sql } of MIGRATIONS) expect(sql).not.toContain("?");
  });

  it("bring an empty database up to date, once", async () => {
    expect(await storage.schemaState()).toStrictEqual({ current: null, pending: names, unknown: [] });
    expect(await storage.migrate()).toStrictEqual({ applied: names });
    expect(await storage.schemaState()).toStrictEqual({ current: names.at(-1), pending: [], unknown: [] });
    expect(await storage.migrate()).toStrictEqual({ applied: [] });
    const { rows } = await pool.query<object>("SELECT id, key, revision FROM environments");
    expect(rows).toStrictEqual([{ id: DEFAULT_ENVIRONMENT_ID, key: DEFAULT_ENVIRONMENT_KEY, revision: "0" }]);
  });

  it("are applied once by rivals that start at the same moment", async () => {
    const outcomes = await Promise.all([storage.migrate(), rival.migrate(), rival.migrate()]);
    expect(outcomes.flatMap(({ applied }) => applied)).toStrictEqual(names);
  });

  it("are refused on a database that a newer version migrated", async () => {
    await storage.migrate();
    await pool.query("INSERT INTO lotty_migrations (name, batch, migration_time) VALUES ('9999_later', 2, now())");
    const unknown = ["9999_later"];
    expect(await storage.schemaState()).toStrictEqual({ current: "9999_later", pending: [], unknown });
    await expect(storage.migrate()).rejects.toMatchObject({ code: "schema_mismatch", details: { unknown } });
  });

  it("leave nothing behind when one of them fails", async () => {
    await pool.query("CREATE TABLE assignments (id integer)");
    await expect(storage.migrate()).rejects.toMatchObject({ code: "database_rejected" });
    expect(await storage.schemaState()).toStrictEqual({ current: null, pending: names, unknown: [] });
    await pool.query("DROP TABLE assignments");
    expect(await storage.migrate()).toStrictEqual({ applied: names });
  });

  it("are missed by what needs them", async () => {
    const missed = { code: "schema_mismatch" };
    await expect(storage.configuration.load(DEFAULT_ENVIRONMENT_ID)).rejects.toMatchObject(missed);
    await expect(storage.history.load(DEFAULT_ENVIRONMENT_ID, "s")).rejects.toMatchObject(missed);
  });
});

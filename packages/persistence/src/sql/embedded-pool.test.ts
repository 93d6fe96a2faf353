import { setTimeout as pause } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EmbeddedPool } from "./embedded-pool.ts";
import { knexOn } from "./knex-on.ts";
import { inTransaction, runStatement, withConnection } from "./sql-pool.ts";

describe("the pool over PGlite", () => {
  let pool: EmbeddedPool;
  let knex: Knex;
  beforeAll(async () => {
    pool = new EmbeddedPool(await PGlite.create());
    knex = knexOn(pool, new RecordingLogger());
    await knex.raw("CREATE TABLE notes (id integer PRIMARY KEY); CREATE TABLE more_notes (id integer)");
  }, 60_000);
  afterAll(() => pool.end());

  const count = async (): Promise<unknown> =>
    (await runStatement(pool, { text: "SELECT count(*)::int AS n FROM notes" })).rows[0]?.["n"];

  it("lets nobody between the statements of a transaction", async () => {
    const seen: unknown[] = [];
    const writing = knex.transaction(async (transaction) => {
      await transaction("notes").insert({ id: 1 });
      await pause(20);
      await transaction("notes").insert({ id: 2 });
    });
    const regretting = withConnection(pool, (connection) =>
      inTransaction(connection, async () => {
        await connection.query({ text: "INSERT INTO notes VALUES ($1)", values: [3] });
        await pause(20);
        throw new Error("changed my mind");
      }),
    );
    const looking = Array.from({ length: 20 }, async (_, index) => {
      await pause(2 * index);
      seen.push(await count());
    });
    await Promise.allSettled([writing, regretting, ...looking]);
    expect(seen.filter((n) => n !== 0 && n !== 2)).toStrictEqual([]);
    expect(await count()).toBe(2);
  });

  it("rolls back what someone leaves open", async () => {
    const connection = await pool.connect();
    await connection.query({ text: "BEGIN" });
    await connection.query({ text: "INSERT INTO notes VALUES (4)" });
    connection.release();
    expect(await count()).toBe(2);
  });

  it("goes on after statements that fail", async () => {
    const failing = [
      runStatement(pool, { text: "SELEC" }),
      runStatement(pool, { text: "SELECT 1 / $1::int", values: [0] }),
      knex("notes").insert({ id: 1 }),
      knex.transaction((transaction) => transaction("notes").insert([{ id: 9 }, { id: 1 }])),
    ];
    const codes = ["42601", "22012", "23505", "23505"];
    expect(await Promise.allSettled(failing)).toMatchObject(codes.map((code) => ({ reason: { code } })));
    expect(await count()).toBe(2);
  });

  it("counts what knex changes", async () => {
    expect(await knex("notes").where({ id: 1 }).del()).toBe(1);
    expect(await knex("notes").where({ id: 1 }).update({ id: 5 })).toBe(0);
  });

  it("leaves the event loop room between its users", async () => {
    let turns = 0;
    let done = false;
    const spin = (): void => {
      turns += 1;
      if (!done) setImmediate(spin);
    };
    spin();
    await Promise.all(Array.from({ length: 50 }, count));
    done = true;
    expect(turns).toBeGreaterThanOrEqual(50);
  });

  it("finishes what was asked before it ends, and nothing after", async () => {
    const answers = Promise.all([1, 2, 3].map(() => runStatement(pool, { text: "SELECT 1 AS one" })));
    await pool.end();
    await pool.end();
    expect((await answers).map(({ rows }) => rows)).toStrictEqual([1, 2, 3].map(() => [{ one: 1 }]));
    await expect(pool.connect()).rejects.toMatchObject({ code: "database_unavailable" });
  });
});

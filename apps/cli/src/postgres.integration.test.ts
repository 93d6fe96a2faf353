import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { createTestRedis } from "@lotty/testkit/servers/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "./testing/captured-terminal.ts";

const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));

let directory = "";
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let redis: Awaited<ReturnType<typeof createTestRedis>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-postgres-"));
  [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
});
afterAll(async () => {
  await Promise.all([database.drop(), redis.clean(), rm(directory, { recursive: true, force: true })]);
});

function lotty(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { DATABASE_URL: database.url } });
}

describe("lotty on Postgres", { timeout: 30_000 }, () => {
  it("migrates only when told to, and says so", async () => {
    expect(await lotty("apply", demo)).toMatchObject({ code: 4, talk: expect.stringContaining("lotty migrate") });
    expect(await lotty("doctor")).toMatchObject({ code: 1, out: expect.stringMatching(/^fail {2}schema/m) });
    expect((await lotty("migrate", "--status")).code).toBe(1);
    expect(await lotty("migrate")).toMatchObject({
      code: 0,
      out: expect.stringContaining("applied  0001_configuration"),
    });
    expect((await lotty("migrate", "--status")).code).toBe(0);
  });

  it("applies, decides and records", async () => {
    expect((await lotty("apply", demo)).code).toBe(0);
    const input = join(directory, "subjects.ndjson");
    const subjects = Array.from({ length: 500 }, (_, index) => JSON.stringify({ subject_id: `u${index}` }));
    await writeFile(input, subjects.join("\n"));
    const out = join(directory, "out.ndjson");
    const args = ["decide", "search-results-per-page", "--subjects", input, "--out", out, "--record", "--json"];
    const { code, out: summary } = await lotty(...args);
    expect(code).toBe(0);
    expect(JSON.parse(summary)).toEqual({ complete: true, decided: 500, faulty: 0, resumed_after_line: 0, out });
    const [line = ""] = (await readFile(out, "utf8")).split("\n");
    expect(JSON.parse(line)).toMatchObject({ line: 1, subject_id: "u0", decisions: [{ durability: "committed" }] });
    const explained = await lotty(
      "explain",
      "checkout-button-colour",
      "--subject",
      "u0",
      "--attributes",
      '{"country":"DE"}',
    );
    expect(explained.out).toContain("in search-density (running)");
  });

  it("tells a database that is away from one that refuses", async () => {
    const away = await runCommand(["export"], { env: { DATABASE_URL: "postgres://127.0.0.1:1/none" } });
    expect(away).toMatchObject({ code: 4, talk: expect.stringContaining("[database_unavailable]") });
    const doctor = await runCommand(["doctor"], { env: { DATABASE_URL: "postgres://u:secret@127.0.0.1:1/none" } });
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/^fail {2}database/m);
    expect(doctor.out).not.toContain("secret");
  });

  it("looks at Redis", async () => {
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_KEY_PREFIX: "lotty-doctor" };
    expect((await runCommand(["doctor"], { env })).out).toMatch(/^ok {4}redis +answers in/m);
    const away = { ...env, REDIS_URL: "redis://127.0.0.1:1" };
    expect(await runCommand(["doctor"], { env: away })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^warn {2}redis/m),
    });
  });
});

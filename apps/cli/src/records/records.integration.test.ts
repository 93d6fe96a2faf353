import { fileURLToPath } from "node:url";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

const demo = fileURLToPath(new URL("../../../../demo/lotty.yaml", import.meta.url));
const NOBODY = "00000000-0000-7000-8000-000000000000";

let database: TestDatabase;
let api: RunningApi | undefined;
let key = "";
let id = "";

beforeAll(async () => {
  database = await createTestDatabase();
  await local("migrate");
  await local("apply", demo, "--yes");
  for (const subject of ["ada", "bob"]) {
    const asked = ["checkout-button-colour", "--subject", subject, "--attributes", '{"country": "DE"}'];
    const { out } = await local("decide", ...asked, "--record", "--json");
    id = (JSON.parse(out) as { decisions: { decision_id: string }[] }).decisions[0]?.decision_id ?? "";
  }
  const made = await local("key", "make", "records", "--scope", "read", "--scope", "manage", "--role", "admin");
  key = made.out.trim();
  api = await runApi({ DATABASE_URL: database.url });
}, 60_000);

afterAll(async () => {
  await api?.stop();
  await database.drop();
});

function local(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { DATABASE_URL: database.url } });
}

function remote(...args: readonly string[]): Promise<CommandResult> {
  return runCommand([...args, "--url", api?.url ?? ""], { env: { LOTTY_KEY: key } });
}

describe("decisions on record, on a database and through an API that runs on it", { timeout: 60_000 }, () => {
  it.each<{ readonly name: string; readonly args: () => readonly string[]; readonly code: number }>([
    { name: "all", args: () => ["decisions", "list"], code: 0 },
    { name: "all, as JSON", args: () => ["decisions", "list", "--json"], code: 0 },
    { name: "some of more", args: () => ["decisions", "list", "--limit", "1"], code: 0 },
    { name: "those of a subject", args: () => ["decisions", "list", "--subject", "ada"], code: 0 },
    { name: "those of a flag", args: () => ["decisions", "list", "--flag", "checkout-button-colour"], code: 0 },
    {
      name: "those of an experiment",
      args: () => ["decisions", "list", "--experiment", "checkout-button-colour-2026"],
      code: 0,
    },
    { name: "none", args: () => ["decisions", "list", "--subject", "nobody"], code: 0 },
    { name: "no experiment", args: () => ["decisions", "list", "--experiment", "unheard-of"], code: 3 },
    { name: "one", args: () => ["decisions", "show", id], code: 0 },
    { name: "no id", args: () => ["decisions", "show", "nonsense"], code: 3 },
    { name: "a replay", args: () => ["replay", id, "--attributes", '{"country": "DE"}'], code: 0 },
    { name: "a replay, as JSON", args: () => ["replay", id, "--json"], code: 0 },
    { name: "a replay of a span", args: () => ["replay", "--since", "1h"], code: 0 },
    { name: "a subject", args: () => ["subject", "show", "ada"], code: 0 },
    { name: "no subject", args: () => ["subject", "show", ""], code: 3 },
  ])("are the same, word for word: $name", async ({ args, code }) => {
    const here = await local(...args());
    expect(here.code).toBe(code);
    expect(here.out === "" ? here.talk : here.out).not.toBe("");
    expect(await remote(...args())).toEqual(here);
  });

  it("are not found in either when they are not there", async () => {
    for (const run of [local, remote]) {
      expect(await run("decisions", "show", NOBODY)).toMatchObject({
        code: 3,
        talk: expect.stringContaining("not_found"),
      });
    }
  });

  it("are made anonymous through an API as well, which asks first", async () => {
    expect(await remote("subject", "erase", "ada")).toMatchObject({ code: 2 });
    expect(await remote("subject", "erase", "ada", "--yes")).toMatchObject({
      code: 0,
      out: "1 decisions and 0 events made anonymous, 1 assignments removed\n",
    });
    expect((await local("subject", "show", "ada")).out).toContain("by records: 1 decisions and 0 events before that");
  });
});

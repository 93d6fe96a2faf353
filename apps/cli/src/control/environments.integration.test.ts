import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

let database: TestDatabase;
let api: RunningApi | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  await run("migrate");
}, 60_000);

afterAll(async () => {
  await api?.stop();
  await database.drop();
});

function run(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { DATABASE_URL: database.url } });
}

/** The value and reason that a flag has for somebody. */
async function decided(...args: readonly string[]): Promise<unknown> {
  const { out } = await run("decide", "button", "--subject", "ada", "--json", ...args);
  return JSON.parse(out);
}

// One story: each step rests on the ones before it.
describe("environments at the command line", { timeout: 60_000 }, () => {
  const staging = ["--environment", "staging"] as const;

  it("are added and listed", async () => {
    expect(await run("environment", "add", "staging")).toMatchObject({ code: 0, out: "staging\n" });
    expect((await run("environment", "list")).out).toBe("production\nstaging\n");
    expect((await run("environment", "add", "Staging")).code).toBe(3);
    expect((await run("environment", "add", "staging")).code).toBe(3);
  });

  it("have flags with a state of their own, which decisions follow", async () => {
    const make = ["flag", "create", "button", "--type", "string", "--default", "grey"];
    expect(await run(...make)).toMatchObject({ code: 0 });
    expect(await decided(...staging)).toMatchObject({ decisions: [{ reason: "flag_disabled" }] });
    expect((await run("flag", "enable", "button", ...staging)).code).toBe(0);
    expect((await run("flag", "disable", "button")).code).toBe(0);
    expect(await decided(...staging)).toMatchObject({ decisions: [{ reason: "no_active_experiment" }] });
    expect(await decided()).toMatchObject({ decisions: [{ reason: "flag_disabled" }] });
    expect((await run("explain", "button", "--subject", "ada", ...staging, "--json")).out).toContain(
      "no_active_experiment",
    );
  });

  it("have records of their own", async () => {
    expect(await decided("--record", ...staging)).toMatchObject({ decisions: [{ durability: "committed" }] });
    const listed = async (...args: readonly string[]): Promise<number> => {
      const { out } = await run("decisions", "list", "--json", ...args);
      return (JSON.parse(out) as { readonly decisions: readonly unknown[] }).decisions.length;
    };
    expect([await listed(), await listed(...staging)]).toEqual([0, 1]);
    expect((await run("replay", "--since", "1h", ...staging, "--json")).out).toContain('"replayed":1,"differ":0');
    expect((await run("subject", "show", "ada", ...staging, "--json")).out).toContain("no_active_experiment");
  });

  it("must be there to be named, and are not removed while something was decided in them", async () => {
    expect(await run("decide", "button", "--subject", "ada", "--environment", "nowhere")).toMatchObject({ code: 3 });
    expect((await run("environment", "remove", "staging")).code).toBe(3);
    expect((await run("environment", "archive", "staging")).code).toBe(0);
    expect((await run("environment", "remove", "staging")).code).toBe(3);
    expect((await run("environment", "unarchive", "staging")).code).toBe(0);
    expect((await run("environment", "add", "unused")).code).toBe(0);
    expect((await run("environment", "archive", "unused")).code).toBe(0);
    expect((await run("environment", "remove", "unused")).code).toBe(0);
  });

  it("are those of LOTTY_ENVIRONMENT when none is named", async () => {
    const env = { DATABASE_URL: database.url, LOTTY_ENVIRONMENT: "staging" };
    const shown = async (...args: readonly string[]): Promise<string> =>
      (await runCommand(["flag", "show", "button", "--json", ...args], { env })).out;
    expect(await shown()).toContain('"enabled":true');
    expect(await shown("--environment", "production")).toContain('"enabled":false');
    expect((await runCommand(["decisions", "list", "--json"], { env })).out).toContain("no_active_experiment");
    const unknown = { env: { ...env, LOTTY_ENVIRONMENT: "nowhere" } };
    expect((await runCommand(["environment", "list"], unknown)).code).toBe(0);
    expect(await runCommand(["flag", "list"], unknown)).toMatchObject({
      code: 3,
      talk: expect.stringContaining("There is no environment nowhere."),
    });
  });

  it("are named to an API as well", async () => {
    api = await runApi({ DATABASE_URL: database.url });
    const url = ["--url", api.url] as const;
    expect((await run("environment", "list", ...url)).out).toBe("production\nstaging\n");
    expect(await decided(...url, ...staging)).toMatchObject({ decisions: [{ reason: "no_active_experiment" }] });
    expect(await decided(...url)).toMatchObject({ decisions: [{ reason: "flag_disabled" }] });
    expect((await run("flag", "show", "button", ...url, ...staging, "--json")).out).toContain('"enabled":true');
    for (const command of [
      ["flag", "list"],
      ["segment", "list"],
      ["domain", "list"],
    ]) {
      for (const place of [[], url]) {
        expect(await run(...command, ...place, "--environment", "nowhere")).toMatchObject({
          code: 3,
          out: "",
          talk: expect.stringContaining("There is no environment"),
        });
      }
    }
  });
});

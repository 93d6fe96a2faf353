import { userInfo } from "node:os";
import { keepCertificate, ValueSchemas } from "@lotty/control-plane";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localActor } from "../people/local-actor.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { capturedTerminal, type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>> | undefined;
let api: RunningApi | undefined;
let env: Readonly<Record<string, string>> = {};
let key = "";

beforeAll(async () => {
  database = await createTestDatabase();
  env = { DATABASE_URL: database.url, ALLOW_SELF_APPROVAL: "true" };
  await local("migrate");
  await runCommand(["user", "add", "ann", "--role", "approver"], { env, input: "correct horse battery" });
  const make = ["key", "make", userInfo().username, "--scope", "read", "--scope", "manage", "--role", "admin"];
  key = (await local(...make)).out.trim();
  api = await runApi(env);
  await local("flag", "create", "banner", "--type", "string", "--default", "none");
}, 120_000);

afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

function local(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env });
}

function remote(...args: readonly string[]): Promise<CommandResult> {
  return runCommand([...args, "--url", api?.url ?? ""], { env: { LOTTY_KEY: key } });
}

/** The first id in an answer. */
function idIn(json: string): string {
  return /"id":"([\da-f-]+)"/.exec(json)?.[1] ?? "";
}

/** Makes a draft, and tells its id. */
async function draft(name: string): Promise<string> {
  const variants = ["--variant", "control:50=none", "sun:50=sun"];
  const about = [
    "--hypothesis",
    "People stay longer",
    "--owner",
    "team web",
    "--planned-days",
    "14",
    "--traffic",
    "80",
  ];
  const { out } = await local("experiment", "create", name, "--flag", "banner", ...variants, ...about, "--json");
  return idIn(out);
}

/** Keeps a certificate of an experiment as it is, as the job of the server does for one that is in review. */
async function certify(experimentId: string, verdict: "passed" | "failed"): Promise<void> {
  const { terminal } = capturedTerminal({ env });
  await withRuntime(terminal, async ({ clock, config, ids, storage }, environmentId) => {
    const ports = { ...storage.control, clock, ids, schemas: new ValueSchemas(), settings: config.control };
    const check = { kind: "variant_split", about: "subjects", message: "Of 500: 250 and 250.", numbers: {} } as const;
    const certificate = {
      experimentId,
      experimentVersion: 1,
      contentVersion: 1,
      planVersion: null,
      planHash: null,
      computedAt: clock.now(),
      verdict,
      checks: [{ ...check, verdict }],
    };
    const kept = await keepCertificate(ports, { environmentId, actor: localActor(), certificate });
    expect(kept.status).toBe("done");
  });
}

describe("lotty certificate", { timeout: 60_000 }, () => {
  it("shows the same in both places, and ends with 1 once the experiment is another one", async () => {
    const id = await draft("certified");
    await certify(id, "passed");
    const here = await local("certificate", "certified");
    expect(here).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The randomization can be trusted\.\n✓ Of 500/),
    });
    expect(await remote("certificate", "certified")).toStrictEqual(here);
    await local("experiment", "edit", "certified", "--traffic", "50");
    const stale = await local("certificate", id);
    expect(stale).toMatchObject({ code: 1, out: expect.stringContaining("The experiment has changed since") });
    expect(await remote("certificate", id)).toStrictEqual(stale);
  });

  it("ends with 1 when a check has failed", async () => {
    await certify(await draft("skewed"), "failed");
    expect(await local("certificate", "skewed")).toMatchObject({ code: 1, out: expect.stringContaining("✗ Of 500") });
    const { code, out } = await remote("certificate", "skewed", "--json");
    expect([code, JSON.parse(out)]).toMatchObject([1, { verdict: "failed", current: true }]);
  });
});

describe("lotty learning", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    for (const name of ["summer", "autumn"]) {
      const outcome = name === "summer" ? ["rollout_winner", "--winner", "sun"] : ["no_effect"];
      await draft(name);
      for (const step of [
        ["submit", name],
        ["approve", name, "--yes"],
        ["start", name],
        ["complete", name, "--outcome", ...outcome, "--comment", `What the ${name} has shown.`],
      ]) {
        const { code, talk } = await local("experiment", ...step);
        if (code !== 0) throw new Error(talk);
      }
    }
  }, 60_000);

  it("searches, and takes notes", async () => {
    expect((await remote("learning", "list")).out).toMatch(/^autumn +no_effect .*\nsummer +rollout_winner \(sun\) /m);
    expect((await remote("learning", "list", "--limit", "1")).out).not.toContain("summer");
    const edited = await remote("learning", "edit", "summer", "--notes", "Seen before.", "--tag", "home");
    expect(edited).toMatchObject({ code: 0, talk: "Changing version 1 of summer.\n" });
    expect(edited.out).toMatch(/^summer on banner, version 2\n[^]*notes +Seen before\.\n +tags +home$/m);
    const found = await remote("learning", "list", "seen -autumn", "--tag", "home", "--json");
    expect(JSON.parse(found.out)).toMatchObject({
      learnings: [{ experiment_key: "summer", notes: "Seen before." }],
    });
    expect((await remote("learning", "show", idIn(found.out))).out).toContain("summer on banner, version 2");
    expect((await remote("learning", "list", "--outcome", "no_effect")).out).not.toContain("summer");
    expect((await remote("learning", "edit", "summer", "--no-notes", "--version", "1")).talk).toContain(
      "refused [version_mismatch]",
    );
    expect((await remote("learning", "show", "winter")).talk).toContain("lotty learning list");
  });

  it("sums up what there is, and finds what is alike", async () => {
    expect((await remote("learning", "summary")).out).toMatch(
      /experiments +2: 1 rolled out, 0 rolled back, 1 without an effect\n +won +50\.0 % \(/,
    );
    expect((await remote("learning", "similar", "summer")).out).toMatch(/^autumn /m);
  });

  it("says that it needs a running API", async () => {
    expect(await local("learning", "list")).toMatchObject({
      code: 3,
      out: "",
      talk: expect.stringMatching(/this needs a running API[^]*--url/),
    });
  });
});

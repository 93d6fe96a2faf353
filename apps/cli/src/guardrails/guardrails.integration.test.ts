import { userInfo } from "node:os";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>> | undefined;
let api: RunningApi | undefined;
let key = "";

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url };
  await runCommand(["migrate"], { env });
  await runCommand(["user", "add", "ann", "--role", "approver"], { env, input: "correct horse battery" });
  const make = ["key", "make", userInfo().username, "--scope", "read", "--scope", "manage", "--role", "admin"];
  key = (await runCommand(make, { env })).out.trim();
  api = await runApi({ ...env, ALLOW_SELF_APPROVAL: "true" });
  await run("event-type", "create", "order");
  await run("metric", "create", "orders", "--kind", "conversion", "--event", "order");
  await run("flag", "create", "banner", "--type", "string", "--default", "none");
  const variants = ["--variant", "control:50=none", "sun:50=sun", "--traffic", "1"];
  const about = ["--hypothesis", "People stay longer", "--owner", "team web", "--planned-days", "14"];
  await run("experiment", "create", "summer", "--flag", "banner", ...variants, ...about);
}, 120_000);

afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

function run(...args: readonly string[]): Promise<CommandResult> {
  return runCommand([...args, "--url", api?.url ?? ""], { env: { LOTTY_KEY: key } });
}

// One story: each step rests on the ones before it.
describe("guardrails and ramp plans at the command line", { timeout: 60_000 }, () => {
  it("rehearses a guardrail before it is added", async () => {
    const rehearse = ["guardrail", "rehearse", "orders", "--margin", "0.05", "--harm", "0.3", "--per-day", "5000"];
    const assumed = ["--mean", "0.2", "--sd", "0.4", "--days", "14", "--looks", "4", "--runs", "20"];
    const played = await run(...rehearse, ...assumed);
    expect(played.out).toMatch(/^20 runs of 14 days, seed 1, from what was assumed: mean 0.2, variance 0.16\n/);
    expect(played.out).toMatch(/^30 % worse +\d/m);
    expect(JSON.parse((await run(...rehearse, ...assumed, "--json")).out)).toMatchObject({
      runs: 20,
      source: "assumed",
    });
    const short = await run(...rehearse, ...assumed, "--days", "7");
    expect(short.talk).toContain("Within 7 days nobody is measured: the metric's window is 168 hours");
    expect((await run(...rehearse, "--mean", "0.2")).talk).toContain("variance");
    expect((await run(...rehearse, ...assumed, "--runs", "5000")).talk).toContain("between 10 and 1000");
  });

  it("adds a guardrail, and changes it", async () => {
    const made = await run("guardrail", "add", "summer", "orders", "--margin", "0.05", "--action", "notify");
    expect(made.out).toMatch(/^orders +5 % +\S+ +notify +- +1 +[\da-f-]{36}$/m);
    const edited = await run("guardrail", "edit", "summer", "orders", "--action", "pause", "--json");
    expect(JSON.parse(edited.out)).toMatchObject({ action: "pause", margin: 0.05, version: 2 });
    const late = await run("guardrail", "edit", "summer", "orders", "--alpha", "0.01", "--version", "1");
    expect(late.talk).toContain("refused [version_mismatch]");
    expect((await run("guardrail", "edit", "summer", "visits", "--alpha", "0.01")).talk).toContain(
      "no guardrail watches",
    );
    expect((await run("guardrail", "list", "summer")).out).toMatch(/^orders .* pause +not looked at +2 /m);
    expect((await run("guardrail", "list", "winter")).talk).toContain("lotty experiment list");
  });

  it("makes a ramp plan, holds it and lets it go on", async () => {
    expect((await run("ramp", "show", "summer")).talk).toContain("there is no ramp plan yet");
    expect(await run("ramp", "set", "summer", "1:24:3")).toMatchObject({ code: 2 });
    const made = await run("ramp", "set", "summer", "1:24", "10:48", "100");
    expect(made.out).toMatch(/^version 1, goes on by itself\n.*\n1\.00 % +24 h\n10\.00 % +48 h\n100\.00 % +the end$/m);
    expect((await run("ramp", "hold", "summer")).out).toContain("version 2, held");
    expect((await run("ramp", "release", "summer", "--version", "1")).talk).toContain("refused [version_mismatch]");
    const released = await run("ramp", "release", "summer", "--json");
    expect(JSON.parse(released.out)).toMatchObject({ held: false, version: 3 });
    expect((await run("ramp", "show", "summer")).out).toContain("version 3, goes on");
    expect((await run("ramp", "remove", "summer")).talk).toBe("Removed.\n");
  });

  it("looks at an experiment that runs, and tells what has fired", async () => {
    expect((await run("guardrail", "evaluate", "summer")).talk).toContain("this one is draft");
    for (const step of [["submit"], ["approve", "--yes"], ["start"]]) {
      const [action = "", ...options] = step;
      expect((await run("experiment", action, "summer", ...options)).code).toBe(0);
    }
    expect((await run("guardrail", "evaluate", "summer")).out).toMatch(/^orders .* pause +waiting +2 /m);
    expect((await run("guardrail", "firings", "summer", "--json")).out).toBe('{"firings":[]}\n');
    const unknown = "01a203d3-6d24-7000-8000-00000000ffff";
    expect((await run("guardrail", "firing", "summer", unknown)).talk).toContain("[not_found]");
    expect((await run("guardrail", "undo", "summer", unknown, "--reason", "Wrong.")).talk).toContain("[not_found]");
    expect((await run("guardrail", "remove", "summer", "orders")).talk).toBe("Removed.\n");
    expect((await run("guardrail", "list", "summer", "--json")).out).toBe('{"guardrails":[]}\n');
  });

  it("says that it needs a running API", async () => {
    for (const args of [
      ["guardrail", "list", "summer"],
      ["ramp", "show", "summer"],
    ]) {
      const { code, talk } = await runCommand(args, { env: {} });
      expect([code, talk]).toEqual([3, expect.stringContaining("this needs a running API")]);
    }
  });
});

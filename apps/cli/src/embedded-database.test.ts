import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@lotty/config";
import { openStorage } from "@lotty/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietLogger } from "./sources/local-ports.ts";
import { type CommandResult, runCommand } from "./testing/captured-terminal.ts";

const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-embedded-"));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

function lotty(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { LOTTY_DATA_DIR: join(directory, "data") } });
}

const ada = ["--subject", "ada", "--attributes", '{"country": "DE"}'];

// One story on one database: making an embedded database takes seconds.
describe("lotty on an embedded database", { timeout: 60_000 }, () => {
  it("finds nothing wrong with an installation that is not made yet", async () => {
    const { code, out } = await lotty("doctor", "--json");
    const { checks } = JSON.parse(out) as { checks: { name: string; status: string }[] };
    expect(code).toBe(0);
    expect(checks.map(({ name }) => name)).toEqual(["settings", "data directory", "disk space", "database", "redis"]);
  });

  it("shows differences first, changes nothing in a dry run, and then applies them", async () => {
    const dry = await lotty("apply", demo, "--dry-run");
    expect(dry.code).toBe(1);
    expect(dry.out).toContain("+ experiment search-density");
    const done = await lotty("apply", demo, "--json");
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ applied: true, revision: 1, differences: { length: 12 } });
    expect(await lotty("apply", demo)).toMatchObject({ code: 0, out: "Nothing to change.\n" });
  });

  it("decides as the file alone does", async () => {
    const flags = ["checkout-button-colour", "search-results-per-page"];
    const [stored, alone] = await Promise.all([
      lotty("decide", ...flags, ...ada),
      runCommand(["decide", ...flags, ...ada, "--definitions", demo]),
    ]);
    expect(stored.code).toBe(0);
    expect(stored.out).toBe(alone.out);
  });

  it("leaves no trace of a peek, and remembers what is recorded", async () => {
    const other = ["--subject", "ada", "--attributes", "{}"];
    expect((await lotty("explain", "search-results-per-page", ...other)).out).toContain(
      "in 0 other active experiments",
    );
    expect(
      JSON.parse((await lotty("decide", "checkout-button-colour", ...ada, "--record", "--json")).out),
    ).toMatchObject({
      decisions: [{ durability: "committed" }],
    });
    const explained = await lotty("explain", "search-results-per-page", ...other);
    expect(explained.out).toContain("in checkout-button-colour-2026 (running)");
  });

  it("reports how what was recorded spread", async () => {
    const { code, out } = await lotty("report", "checkout-button-colour-2026", "--since", "1h", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      variants: [{ name: "control" }, { name: "green", subjects: 1, seen_share: 1 }, { name: "orange" }],
      reasons: { experiment_assigned: 1 },
      source: { replica: false },
    });
    expect(await lotty("report", "no-such-thing")).toMatchObject({ code: 3, out: "" });
    expect(await lotty("report", "search-density", "--since", "tomorrow")).toMatchObject({ code: 3, out: "" });
  });

  it("exports what it holds, and takes it back without a change", async () => {
    const path = join(directory, "export.yaml");
    expect(await lotty("export", "--out", path)).toMatchObject({ code: 0, out: "" });
    expect(await lotty("apply", path, "--prune", "--dry-run")).toMatchObject({ code: 0, out: "Nothing to change.\n" });
    const { out } = await lotty("export", "--json");
    expect(JSON.parse(out)).toMatchObject({ experiments: { length: 4 } });
  });

  it("changes only what differs, and removes only when told to", async () => {
    const path = join(directory, "changed.yaml");
    const [head = ""] = (await readFile(demo, "utf8")).split("\ndomains:");
    await writeFile(path, head.replace("traffic: 80.00", "traffic: 81"));
    const { code, out } = await lotty("apply", path);
    expect(code).toBe(0);
    expect(out).toBe(
      '~ experiment checkout-button-colour-2026\n    traffic: "80.00" -> "81.00"\n= domain first-impression (kept, not in the file)\n',
    );
    expect((await lotty("apply", path, "--prune", "--yes")).out).toBe("- domain first-impression\n");
  });

  it("tells the state of the tables", async () => {
    expect(JSON.parse((await lotty("migrate", "--status", "--json")).out)).toMatchObject({ pending: [], unknown: [] });
  });

  it("finds nothing wrong with an installation in use", async () => {
    const { code, out } = await lotty("doctor");
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}configuration +revision 3: 6 flags, 4 experiments, 4 running$/m);
    expect(out).not.toMatch(/^(warn|fail)/m);
    expect(out).toMatch(/^ {2}DECISION_WRITE_MODE: sync$/m);
  });

  it("says what to do when another process works on the directory", async () => {
    const settings = loadConfig({ LOTTY_DATA_DIR: join(directory, "data") });
    if (!settings.ok) throw new Error("the settings are fine");
    const server = await openStorage(settings.config.database, quietLogger);
    try {
      const { code, talk } = await lotty("decide", "support-chat", ...ada);
      expect(code).toBe(4);
      expect(talk).toContain("error [data_directory_in_use]");
      expect(talk).toContain("--url http://127.0.0.1:8080");
      expect(await lotty("doctor")).toMatchObject({ code: 0, out: expect.stringMatching(/^warn {2}database/m) });
    } finally {
      await server.close();
    }
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type PostgresReplica, startPostgresReplica } from "@lotty/test-servers/postgres-replica";
import { startPostgres } from "@lotty/test-servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "./testing/captured-terminal.ts";

const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));
const SUBJECTS = 2_000;

let directory = "";
let primary: Awaited<ReturnType<typeof startPostgres>>;
let replica: PostgresReplica;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-replica-"));
  primary = await startPostgres();
  replica = await startPostgresReplica(primary.url);
  await onPrimary("migrate");
  await onPrimary("apply", demo);
  const input = join(directory, "subjects.ndjson");
  const lines = Array.from({ length: SUBJECTS }, (_, index) => JSON.stringify({ subject_id: `u${index}` }));
  await writeFile(input, lines.join("\n"));
  const flags = ["search-results-per-page", "checkout-button-colour"];
  await onPrimary("decide", ...flags, "--subjects", input, "--out", join(directory, "out"), "--record");
  await replica.caughtUp();
});
afterAll(async () => {
  await replica.stop();
  await primary.stop();
  await rm(directory, { recursive: true, force: true });
});

function onPrimary(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { DATABASE_URL: primary.url } });
}

function onReplica(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { DATABASE_URL: primary.url, DATABASE_REPLICA_URL: replica.url } });
}

describe("lotty report", () => {
  it("counts on the replica what the primary has", async () => {
    const args = ["report", "search-density", "--since", "1h", "--json"];
    const [own, copy] = [await onPrimary(...args), await onReplica(...args)].map(({ code, out }) => {
      expect(code).toBe(0);
      return JSON.parse(out) as Record<string, unknown>;
    });
    expect(copy).toMatchObject({
      experiment: { key: "search-density" },
      flag: "search-results-per-page",
      reasons: { experiment_assigned: SUBJECTS, targeting_mismatch: 0 },
      subjects_in_several_variants: 0,
      sample_ratio: { degrees_of_freedom: 2, suspicious: false },
      source: { replica: true, behind_seconds: 0 },
    });
    expect(own?.["source"]).toMatchObject({ replica: false, behind_seconds: null });
    const counted = ({ variants, reasons, sample_ratio }: Record<string, unknown> = {}): unknown[] => [
      variants,
      reasons,
      sample_ratio,
    ];
    expect(counted(copy)).toEqual(counted(own));
    const variants = copy?.["variants"] as readonly { readonly subjects: number }[];
    expect(variants.reduce((sum, { subjects }) => sum + subjects, 0)).toBe(SUBJECTS);
  });

  it("shows it as a table that names the replica", async () => {
    const { code, out } = await onReplica("report", "checkout-button-colour-2026", "--since", "1h");
    expect(code).toBe(0);
    expect(out).toContain("a replica that is in step");
    expect(out).toMatch(/^ {2}control \(control\) +0 +50\.00 % +- +0$/m);
    expect(out).toMatch(/^ {2}targeting_mismatch +2,000 +100\.00 %$/m);
  });

  it("is looked at by the doctor", async () => {
    expect((await onReplica("doctor")).out).toMatch(/^ok {4}replica +postgres:.* is 0\.0 s behind$/m);
    const env = { DATABASE_URL: primary.url, DATABASE_REPLICA_URL: primary.url };
    expect((await runCommand(["doctor"], { env })).out).toMatch(/^warn {2}replica +postgres:.* is no standby$/m);
  });

  it("refuses to write to a replica that is taken for the database", async () => {
    const env = { DATABASE_URL: replica.url };
    const record = ["decide", "search-results-per-page", "--subject", "new", "--record"];
    for (const args of [["migrate"], record]) {
      expect(await runCommand(args, { env })).toMatchObject({ code: 4, out: "" });
    }
  });

  // Last, because the replica does not come back.
  it("names the setting when the replica is away", async () => {
    await replica.stop();
    const { code, out, talk } = await onReplica("report", "search-density");
    expect([code, out]).toEqual([4, ""]);
    expect(talk).toContain("[database_unavailable]");
    expect(talk).toContain("DATABASE_REPLICA_URL");
    expect((await onPrimary("report", "search-density")).code).toBe(0);
    expect((await onReplica("doctor")).out).toMatch(/^warn {2}replica /m);
  });
});

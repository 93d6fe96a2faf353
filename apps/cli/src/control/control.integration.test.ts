import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

/** A place to work on, and everything that was said about it so far. */
interface World {
  readonly run: (...args: readonly string[]) => Promise<CommandResult>;
  /** In the environment `staging`, for which keys of production are no good. */
  readonly runInStaging: (...args: readonly string[]) => Promise<CommandResult>;
  readonly makeStagingKey: () => Promise<void>;
  readonly transcript: string[];
}

const MAKE_KEY = ["key", "make", userInfo().username, "--scope", "read", "--scope", "manage", "--role", "admin"];

const databases: Awaited<ReturnType<typeof createTestDatabase>>[] = [];
let api: RunningApi | undefined;
let local: World;
let remote: World;

// Both know the same people by other ids, and let one person take all steps.
beforeAll(async () => {
  databases.push(...(await Promise.all([createTestDatabase(), createTestDatabase()])));
  const [here = "", there = ""] = databases.map(({ url }) => url);
  for (const url of [here, there]) {
    const env = { DATABASE_URL: url };
    await runCommand(["migrate"], { env });
    await runCommand(["user", "add", "ann", "--role", "approver"], { env, input: "correct horse battery" });
  }
  const settings = { ALLOW_SELF_APPROVAL: "true" };
  const { out: key } = await runCommand(MAKE_KEY, { env: { DATABASE_URL: there } });
  api = await runApi({ DATABASE_URL: there, ...settings });
  local = worldOf(here, { DATABASE_URL: here, ...settings }, []);
  remote = worldOf(there, { LOTTY_KEY: key.trim() }, ["--url", api.url]);
}, 120_000);

afterAll(async () => {
  await api?.stop();
  await Promise.all(databases.map((database) => database.drop()));
});

function worldOf(database: string, env: Readonly<Record<string, string>>, options: readonly string[]): World {
  const transcript: string[] = [];
  let stagingKey = "";
  const run = async (args: readonly string[], more: Readonly<Record<string, string>>): Promise<CommandResult> => {
    const result = await runCommand([...args, ...options], { env: { ...env, ...more } });
    transcript.push(`$ ${args.join(" ")}`, `exit ${result.code}`, result.out, result.talk);
    return result;
  };
  return {
    transcript,
    run: (...args) => run(args, {}),
    runInStaging: (...args) => run([...args, "--environment", "staging"], { LOTTY_KEY: stagingKey }),
    makeStagingKey: async () => {
      const scopes = ["--scope", "events", "--environment", "staging"];
      // A key makes none for another environment than its own, so this one is made in the database.
      stagingKey = (await runCommand([...MAKE_KEY, ...scopes], { env: { DATABASE_URL: database } })).out.trim();
      // Running processes learn of it within a second.
      const look = ["flag", "list", "--environment", "staging", ...options];
      const known = { env: { ...env, LOTTY_KEY: stagingKey } };
      await expect.poll(async () => (await runCommand(look, known)).code, { timeout: 10_000 }).toBe(0);
    },
  };
}

/** What was said, with ids and times by the order in which they were met: those differ from place to place, as does its name. */
function comparable({ transcript }: World): string {
  const met = new Map<string, string>();
  return transcript
    .join("\n")
    .replaceAll(/\S+\/lotty-environments-[^/]+/g, "<directory>")
    .replaceAll(/(?:postgres|http):\/\/\S+;/g, "<place>;")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      const name = met.get(id) ?? `<id ${met.size + 1}>`;
      met.set(id, name);
      return name;
    });
}

// One story on both: each step rests on the ones before it.
describe.each([
  ["the database of the settings", () => local],
  ["a running API", () => remote],
])("the control plane at the command line, on %s", { timeout: 60_000 }, (_name, worldNow) => {
  const run = (...args: readonly string[]): Promise<CommandResult> => worldNow().run(...args);

  it("makes a flag, and shows, lists and changes it", async () => {
    const made = await run("flag", "create", "banner", "--type", "string", "--default", "none", "--tag", "home", "web");
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^banner, version 1, on\n/) });
    const rules = '[{"rule": "plan == \\"pro\\"", "value": "sun", "rollout": "12.50"}]';
    const edited = await run("flag", "edit", "banner", "--rules", rules, "--owner", "team web", "--json");
    expect(JSON.parse(edited.out)).toMatchObject({
      version: 2,
      owner: "team web",
      rules: [{ rule: 'plan == "pro"', value: "sun", rollout: "12.50" }],
    });
    expect((await run("flag", "show", "banner")).out).toContain('if plan == "pro": "sun" for 12.50 %');
    expect((await run("flag", "list", "--tag", "home")).out).toMatch(/^banner +string +"none" +on +1 +team web/m);
    expect((await run("flag", "list", "--tag", "away", "--json")).out).toBe('{"flags":[]}\n');
    expect((await run("flag", "edit", "banner", "--no-owner", "--no-tag")).code).toBe(0);
  });

  it("switches it, tells what it was like and what differs, and restores it", async () => {
    expect((await run("flag", "disable", "banner")).out).toContain("version 4, off");
    expect((await run("flag", "versions", "banner", "--limit", "2")).out).toMatch(/^4 .* off .*\n3 .* on /m);
    expect((await run("flag", "diff", "banner", "--from", "1", "--to", "4")).out).toContain("enabled: true -> false");
    expect((await run("flag", "restore", "banner", "1")).out).toContain("version 5, on");
    expect((await run("flag", "stale")).out).toBe("KEY  WHY  LAST DECIDED\n");
  });

  it("refuses readably what cannot be", async () => {
    const outdated = await run("flag", "edit", "banner", "--owner", "eve", "--version", "2");
    expect(outdated).toMatchObject({ code: 3, out: "", talk: expect.stringContaining("refused [version_mismatch]") });
    const wrong = await run(
      "flag",
      "edit",
      "banner",
      "--type",
      "number",
      "--default",
      "1.5",
      "--schema",
      "5",
      "--json",
    );
    const { error } = JSON.parse(wrong.talk.split("\n").at(-2) ?? "");
    expect(error).toMatchObject({ code: "invalid_field", refusals: expect.any(Array) });
    expect((await run("flag", "create", "banner", "--type", "json", "--default", "{}")).talk).toContain("key_taken");
    expect((await run("flag", "remove", "banner")).talk).toContain("refused [flag_not_archived]");
    expect((await run("flag", "create", "x", "--fields", '{"nonsense": 1}')).talk).toContain(
      "/nonsense is not a field of this request",
    );
    expect(await run("flag", "show", "nothing")).toMatchObject({
      code: 3,
      talk: expect.stringContaining("lotty flag list"),
    });
    expect((await run("flag", "show", "01a203d3-6d24-7000-8000-00000000ffff")).talk).toContain("[not_found]");
  });

  it("makes a draft, and tells what speaks against it", async () => {
    const variants = ["--variant", "control:50=none", "sun:50=sun"];
    const made = await run("experiment", "create", "summer", "--flag", "banner", ...variants, "--traffic", "50");
    expect(made.out).toMatch(/^summer on banner: draft, version 1\n/);
    expect(made.out).toContain('control (control): "none", weight 50.00');
    expect(made.out).toMatch(/allowed +edit, submit, archive$/m);
    const gate = await run("experiment", "launch-gate", "summer");
    expect(gate).toMatchObject({ code: 1, out: expect.stringMatching(/blocks {2}owner: .*\[/) });
    const refused = await run("experiment", "start", "summer");
    expect(refused.talk).toContain("allowed now: edit, submit, archive");
    const texts = ["--hypothesis", "People stay longer", "--owner", "team web", "--planned-days", "14"];
    expect((await run("experiment", "edit", "summer", ...texts)).out).toMatch(/planned +14 days/);
    expect((await run("experiment", "launch-gate", "summer")).code).toBe(0);
    expect((await run("experiment", "list", "--status", "draft")).out).toMatch(/^summer +banner +draft +50.00 %/m);
  });

  it("has it reviewed: whoever judges names the version, or says that any will do", async () => {
    expect((await run("experiment", "submit", "summer")).out).toContain("in_review, version 3");
    const blind = await run("experiment", "approve", "summer");
    expect(blind).toMatchObject({ code: 3, out: "", talk: expect.stringContaining("--version 3") });
    expect(blind.talk).toContain("summer on banner: in_review, version 3");
    const late = await run("experiment", "approve", "summer", "--version", "2");
    expect(late.talk).toContain("refused [version_mismatch]");
    const back = await run("experiment", "request-changes", "summer", "--yes", "--comment", "Say more.");
    expect(back.out).toContain("draft, version 4");
    await run("experiment", "submit", "summer");
    expect((await run("experiment", "approve", "summer", "--version", "5")).out).toContain("approved, version 6");
    expect((await run("review", "show", "summer")).out).toMatch(/approve +5 +counts[^]*Nothing is missing/);
  });

  it("starts, pauses and resumes it, and puts a reviewed edit into force", async () => {
    expect((await run("experiment", "start", "summer", "--version", "6")).out).toContain("running, version 7");
    expect((await run("experiment", "pause", "summer")).out).toContain("paused");
    expect((await run("experiment", "resume", "summer")).out).toContain("running");
    expect((await run("experiment", "preview", "summer", "--traffic", "80")).out).toContain("nobody can tell");
    const edited = await run("experiment", "edit", "summer", "--traffic", "80");
    expect(edited.out).toMatch(/Proposed, not in force:[^]*80.00 %/);
    const { code, talk } = await run("experiment", "apply-edit", "summer");
    expect([code, talk]).toEqual([3, expect.stringContaining("Approvals are missing.")]);
    await run("experiment", "approve", "summer", "--yes");
    expect((await run("experiment", "apply-edit", "summer")).talk).toContain("Add --confirm to go on.");
    expect((await run("experiment", "apply-edit", "summer", "--confirm")).out).toMatch(/traffic +80.00 %/);
  });

  it("keeps conflict domains, segments and approver groups", async () => {
    await run("domain", "create", "first sight");
    expect((await run("domain", "put", "first sight", "summer", "--priority", "10")).out).toContain("summer:10");
    expect((await run("domain", "overlap", "first sight")).out).toContain("No two members share subjects.");
    expect((await run("domain", "rename", "first sight", "sight")).out).toContain("sight");
    expect((await run("domain", "take", "sight", "summer")).out).toMatch(/sight +- /);
    expect((await run("domain", "remove", "sight")).talk).toBe("Removed.\n");
    await run("segment", "create", "staff", 'email ENDS_WITH "@example.com"');
    const [edited, listed] = [
      await run("segment", "edit", "staff", 'email ENDS_WITH "@example.org"'),
      await run("segment", "list"),
    ];
    expect([edited.talk, listed.out]).toEqual(["Changing version 1 of staff.\n", expect.stringContaining(".org")]);
    expect((await run("segment", "remove", "staff", "--json")).out).toBe('{"removed":"staff"}\n');
    expect((await run("review", "group", "put", "web", "--approver", "nobody")).talk).toContain("lotty user list");
    expect((await run("review", "group", "put", "web", "--experimenter", "ann", "--approver", "ann")).out).toMatch(
      /^web +ann +ann +1$/m,
    );
    expect((await run("review", "group", "remove", "web")).code).toBe(0);
  });

  it("keeps metrics: every change makes a version, and what was measured by an earlier one can be seen", async () => {
    const unknown = await run("metric", "create", "orders", "--kind", "conversion", "--event", "order");
    expect(unknown.talk).toContain("There is no event type order.");
    await run("event-type", "create", "order");
    const made = await run("metric", "create", "orders", "--kind", "conversion", "--event", "order", "--tag", "web");
    expect(made.out).toMatch(/^orders, version 1\n[^]*window +168 hours[^]*better +higher/);
    const edited = await run("metric", "edit", "orders", "--filter", 'currency == "EUR"', "--lower-is-better");
    expect(edited).toMatchObject({ code: 0, talk: "Changing version 1 of orders.\n" });
    expect(edited.out).toMatch(/version 2\n[^]*kind +conversion[^]*order where currency == "EUR"[^]*better +lower/);
    expect((await run("metric", "show", "orders", "--version", "1")).out).not.toContain("where");
    const named = await run("metric", "edit", "orders", "--no-tag", "--no-filter", "--name", "Orders", "--json");
    expect(JSON.parse(named.out)).toMatchObject({ version: 3, tags: [], definition: { higher_is_better: false } });
    const definition = '{"kind": "ratio", "numerator": {"event_type": "order"}, "quantile": 2}';
    const wrong = await run("metric", "create", "basket", "--definition", definition, "--per", "exposure");
    expect(wrong.talk).toContain("definition.quantile");
    expect((await run("metric", "archive", "orders")).out).toMatch(/archived +\d{4}-/);
    expect((await run("metric", "list")).out).toMatch(/^orders +conversion +order +4 archived +-$/m);
    expect((await run("metric", "unarchive", "orders", "--version", "3")).talk).toContain("[version_mismatch]");
    expect((await run("metric", "unarchive", "orders")).out).toContain("version 5");
    expect((await run("metric", "show", "visits")).talk).toContain("lotty metric list");
    expect((await run("metric", "show", "orders", "--version", "9")).talk).toContain("[not_found]");
  });

  it("completes it with a winner, and puts everything away", async () => {
    const outcome = ["--outcome", "rollout_winner", "--winner", "sun", "--comment", "12 % longer."];
    expect((await run("experiment", "complete", "summer", ...outcome)).out).toContain(
      "rollout_winner (sun): 12 % longer.",
    );
    expect((await run("flag", "show", "banner")).out).toMatch(/default +"sun"/);
    expect((await run("experiment", "archive", "summer")).out).toContain("archived");
    expect((await run("flag", "archive", "banner")).out).toContain("archived");
    expect((await run("flag", "remove", "banner")).talk).toMatch(/refused \[in_use\][^]*used by: summer/);
    await run("experiment", "create", "never", "--flag", "banner");
    expect(await run("certificate", "never")).toMatchObject({
      code: 3,
      talk: expect.stringContaining("there is no launch certificate yet"),
    });
    expect((await run("experiment", "remove", "never")).talk).toBe("Removed.\n");
  });
});

describe.each([
  ["the database of the settings", () => local],
  ["a running API", () => remote],
])("environments at the command line, on %s", { timeout: 60_000 }, (_name, worldNow) => {
  const run = (...args: readonly string[]): Promise<CommandResult> => worldNow().run(...args);
  const there = (...args: readonly string[]): Promise<CommandResult> => worldNow().runInStaging(...args);

  it("keep experiments, segments and domains apart", async () => {
    expect(await run("environment", "add", "staging")).toMatchObject({ code: 0, out: "staging\n" });
    await worldNow().makeStagingKey();
    expect((await there("flag", "create", "menu", "--type", "string", "--default", "flat")).code).toBe(0);
    expect((await run("flag", "show", "menu")).out).toMatch(/^menu, version 1, off\n/);
    const variants = ["--variant", "control:50=flat", "round:50=round"];
    expect((await there("experiment", "create", "try", "--flag", "menu", ...variants)).code).toBe(0);
    expect((await run("experiment", "show", "try")).talk).toContain("there is no experiment");
    expect((await run("results", "try")).talk).toContain("there is no experiment");
    expect((await there("segment", "create", "staff", 'plan == "pro"')).code).toBe(0);
    expect((await there("domain", "create", "page")).code).toBe(0);
    expect((await there("segment", "list")).out).toContain("staff");
    expect((await there("domain", "list")).out).toContain("page");
    expect((await run("segment", "list")).out).not.toContain("staff");
    expect((await run("domain", "list")).out).not.toContain("page");
  });

  it("are exported and applied each by itself, and respect each other", async () => {
    const directory = await mkdtemp(join(tmpdir(), "lotty-environments-"));
    try {
      const [stagingFile, file] = [join(directory, "staging.yaml"), join(directory, "lotty.yaml")];
      const { out } = await there("export");
      expect(out).toContain("key: try");
      expect((await run("export")).out).not.toContain("key: try");
      await writeFile(stagingFile, out.replace("default: flat", "default: steep"));
      const { code, out: applied } = await there("apply", stagingFile, "--yes", "--json");
      expect([code, JSON.parse(applied)]).toMatchObject([0, { applied: true }]);
      expect((await there("flag", "show", "menu")).out).toMatch(/default +"steep"/);
      expect((await run("flag", "show", "menu")).out).toMatch(/default +"flat"/);
      await writeFile(file, "flags: [{ key: menu, type: string, default: flat, schema: { enum: [flat] } }]");
      expect(await run("apply", file, "--yes")).toMatchObject({
        code: 3,
        talk: expect.stringContaining("flags.menu.environments.staging.default"),
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("have events of their own", async () => {
    const directory = await mkdtemp(join(tmpdir(), "lotty-environments-"));
    try {
      const file = join(directory, "events.ndjson");
      const event = { event_id: "e1", event_type: "visit", subject_id: "ada", timestamp: new Date().toISOString() };
      await writeFile(file, JSON.stringify(event));
      await there("event-type", "create", "visit");
      expect((await there("event", "send", file)).talk).toContain("1 accepted");
      expect((await there("event", "list", "--subject", "ada")).out).toContain("e1");
      expect((await run("event", "list", "--subject", "ada")).out).not.toContain("e1");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("the two places", { timeout: 60_000 }, () => {
  it("say the same, word for word", () => {
    const story = comparable(local);
    expect(story.split("\n").length).toBeGreaterThan(200);
    expect(comparable(remote)).toBe(story);
  });

  it.each([
    ["the database of the settings", () => local, "system"],
    ["a running API", () => remote, "key"],
  ])("have every change on record: %s", async (_name, worldNow, kind) => {
    const { run } = worldNow();
    const { out } = await run("audit", "list", "--kind", "experiment", "--action", "experiment.start", "--json");
    expect(JSON.parse(out)).toMatchObject({ entries: [{ entity_key: "summer", actor_kind: kind }] });
    expect((await run("audit", "list", "--limit", "3")).out.split("\n")).toHaveLength(5);
    const verified = await run("audit", "verify");
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/^whole: \d+ entries\.\nHead \d+:/) });
    const head = /Head (\S+)/.exec(verified.out)?.[1] ?? "";
    expect((await run("audit", "verify", "--head", head)).code).toBe(0);
    const [place = ""] = head.split(":");
    const forged = await run("audit", "verify", "--head", `${Number(place) + 1}:${"0".repeat(64)}`);
    expect(forged).toMatchObject({ code: 1, out: expect.stringContaining("broken") });
    const exported = await run("audit", "export", "--kind", "flag");
    expect(exported.out).toMatch(/^\{"sequence":\d+[^\n]*"flag.create"/);
    expect((await run("audit", "export", "--format", "csv")).out).toMatch(/^"sequence",/);
  });
});

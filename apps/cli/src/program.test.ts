import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "./testing/captured-terminal.ts";

const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-cli-"));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

describe("lotty", () => {
  it("prints help with examples on the standard output", async () => {
    const { code, out, talk } = await runCommand(["decide", "--help"]);
    expect([code, talk]).toEqual([0, ""]);
    expect(out).toContain("Examples:");
  });

  it("ends with 2 for a wrong command line and suggests what was meant", async () => {
    expect(await runCommand(["aplly"])).toMatchObject({
      code: 2,
      out: "",
      talk: expect.stringContaining("Did you mean apply?"),
    });
    expect(await runCommand(["decide", "f", "--subjct", "a"])).toMatchObject({
      code: 2,
      talk: expect.stringContaining("Did you mean --subject"),
    });
    expect(await runCommand(["decide", "f"])).toMatchObject({
      code: 2,
      talk: expect.stringContaining("either --subject or --subjects"),
    });
    expect(await runCommand(["decide", "f", "--subject", "a", "--url", "x", "--definitions", "y"])).toMatchObject({
      code: 2,
    });
    expect(await runCommand(["decide", "f", "--subject", "a", "--peek", "--record"])).toMatchObject({ code: 2 });
    expect(await runCommand(["rule", "check"])).toMatchObject({ code: 2 });
    expect(await runCommand([])).toMatchObject({ code: 2 });
  });

  it("prints errors as JSON with --json, on the standard error stream", async () => {
    const { code, out, talk } = await runCommand(["decide", "f", "--subject", "", "--json", "--definitions", demo]);
    expect([code, out]).toEqual([3, ""]);
    expect(JSON.parse(talk)).toEqual({ error: { code: "invalid_request", message: "subject_id must not be empty" } });
  });

  it("tells which settings are wrong", async () => {
    const { code, talk } = await runCommand(["export"], { env: { PORT: "no", DATABASE_POOL_SIZE: "0" } });
    expect(code).toBe(3);
    expect(talk).toContain("PORT:");
    expect(talk).toContain("DATABASE_POOL_SIZE:");
  });
});

describe("lotty decide --definitions", () => {
  const decide = (...args: readonly string[]): ReturnType<typeof runCommand> =>
    runCommand(["decide", ...args, "--definitions", demo]);

  it("prints one line per flag", async () => {
    const { code, out } = await decide(
      "checkout-button-colour",
      "support-chat",
      "--subject",
      "ada",
      "--attributes",
      '{"country": "DE"}',
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /^checkout-button-colour {2}experiment_assigned {3}"green" {2}experiment [0-9a-f-]{36} {2}variant [0-9a-f-]{36}\n/,
    );
    expect(out).toMatch(/\nsupport-chat {12}no_active_experiment {2}true\n$/);
  });

  it("prints what the API answers with --json", async () => {
    const attributes = await file("ada.json", '{"country": "DE"}');
    const { out } = await decide(
      "checkout-button-colour",
      "--subject",
      "ada",
      "--attributes",
      `@${attributes}`,
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({
      decisions: [
        { flag: "checkout-button-colour", value: "green", reason: "experiment_assigned", durability: "none" },
      ],
    });
  });

  it("reads attributes from the standard input", async () => {
    const args = ["decide", "checkout-button-colour", "--subject", "ada", "--attributes", "@-", "--definitions", demo];
    expect((await runCommand(args, { input: '{"country":"US"}' })).out).toContain("targeting_mismatch");
  });

  it("refuses wrong input", async () => {
    expect(await decide("f", "--subject", "a", "--attributes", "{oops")).toMatchObject({
      code: 3,
      talk: expect.stringContaining("is not JSON"),
    });
    expect(await decide("f", "--subject", "a", "--attributes", "[1]")).toMatchObject({ code: 3 });
    expect(await decide("f", "--subject", "a", "--attributes", "@/no/such/file")).toMatchObject({ code: 3 });
    expect(await decide("f", "--subjects", "/no/such/file")).toMatchObject({
      code: 3,
      talk: expect.stringContaining("does not exist"),
    });
    const many = Array.from({ length: 101 }, (_, index) => `flag-${index}`);
    expect(await decide(...many, "--subject", "a")).toMatchObject({
      code: 3,
      talk: expect.stringContaining("request_too_large"),
    });
    const subjects = await file("subjects.ndjson", "");
    expect(await decide("f", "--subjects", subjects, "--record")).toMatchObject({
      code: 2,
      talk: expect.stringContaining("needs a database"),
    });
  });

  it("ends with 1 and counts when lines of a file are not usable", async () => {
    const subjects = await file("some.ndjson", '{"subject_id":"a"}\noops\n{"subject_id":"b"}\n');
    const { code, out, talk } = await decide("support-chat", "--subjects", subjects);
    expect(code).toBe(1);
    expect(
      out
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(
      [1, 3].map((line) => ({
        line,
        subject_id: line === 1 ? "a" : "b",
        decisions: [
          { flag: "support-chat", value: true, experiment_id: null, variant_id: null, reason: "no_active_experiment" },
        ],
      })),
    );
    expect(talk).toContain("some.ndjson:2: the line is not JSON");
    expect(talk).toContain("Done: 2 subjects decided, 1 line not usable");
  });
});

describe("lotty explain --definitions", () => {
  it("shows a ladder of gates, or what the API answers", async () => {
    const args = ["explain", "checkout-button-colour", "--subject", "bob", "--definitions", demo];
    const text = await runCommand(args);
    expect(text.code).toBe(0);
    expect(text.out).toContain("✗ targeting         the rule does not take the subject");
    expect(text.out).toMatch(/→ .*country/);
    const { out } = await runCommand([...args, "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      reason: "targeting_mismatch",
      gates: [{ gate: "flag" }, {}, {}, {}, {}, {}, {}, {}],
    });
  });
});

describe("lotty with a faulty definitions file", () => {
  it("shows every problem with its line, and as JSON", async () => {
    const path = await file(
      "bad.yaml",
      "flags:\n  - { key: f, type: string, default: a }\nexperiments:\n  - { key: e, flag: f, status: running, targeting: 'country = \"DE\"', trafic: 5 }\n",
    );
    const text = await runCommand(["apply", path]);
    expect(text.code).toBe(3);
    expect(text.talk).toContain(`${path}:4:61: experiments[0].targeting:`);
    expect(text.talk).toContain("did you mean `traffic`?");
    const json = await runCommand(["apply", path, "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      problems: [
        { line: 4, column: 61 },
        { line: 4, path: "experiments[0].trafic" },
      ],
    });
    expect(JSON.parse(json.talk)).toMatchObject({ error: { code: "invalid_definition" } });
  });

  it("refuses to prune where nobody can be asked", async () => {
    expect(await runCommand(["apply", demo, "--prune"])).toMatchObject({
      code: 2,
      talk: expect.stringContaining("--yes"),
    });
  });
});

describe("lotty rule", () => {
  it("tells a rule from a text that is none", async () => {
    expect(await runCommand(["rule", "check", "country == 'DE'"])).toMatchObject({
      code: 0,
      out: "The rule is fine.\n",
    });
    const bad = await runCommand(["rule", "check", "-"], { input: 'plan = "pro"' });
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/\| plan = "pro"\n.*\| {6}\^/);
    const json = await runCommand(["rule", "check", "plan = 1", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, diagnostics: [{ code: "wrong_symbol" }] });
  });

  it("warns of rules that are hardly meant, and accepts them", async () => {
    const { code, out } = await runCommand(["rule", "check", "age > true"]);
    expect(code).toBe(0);
    expect(out).toContain("1 warning");
  });

  it("warns of segments that a definitions file does not state", async () => {
    const path = await file("segments.yaml", 'segments: { staff: plan == "staff" }\n');
    const asked = ["rule", "check", 'IN SEGMENT "staf"'];
    const { code, out } = await runCommand([...asked, "--definitions", path]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("[unknown_segment]") });
    expect(out).toContain('Did you mean "staff"?');
    expect(await runCommand(asked)).toMatchObject({ code: 0, out: "The rule is fine.\n" });
  });

  it("formats a rule from a file", async () => {
    const path = await file("rule.txt", "# who\nplan=='pro' and country in ['DE']\n");
    expect(await runCommand(["rule", "format", "--file", path])).toMatchObject({
      code: 0,
      out: 'plan == "pro" AND country IN ["DE"]\n',
    });
    expect(await runCommand(["rule", "format", "plan ="])).toMatchObject({ code: 1, out: "" });
  });
});

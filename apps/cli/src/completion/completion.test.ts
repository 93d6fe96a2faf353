import { spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../testing/captured-terminal.ts";
import { SHELLS } from "./scripts.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

async function complete(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await runCommand(["__complete", ...words]);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0] ?? "");
}

describe("completion", () => {
  it("offers commands, and those below them", async () => {
    expect(await complete("")).toEqual(expect.arrayContaining(["flag", "apply", "completion"]));
    expect(await complete("fl")).toEqual(["flag"]);
    expect(await complete("flag", "en")).toEqual(["enable"]);
    expect(await complete("review", "group", "")).toEqual(expect.arrayContaining(["list", "put", "remove"]));
    expect(await complete("")).not.toContain("__complete");
  });

  it("says what commands do", async () => {
    expect((await runCommand(["__complete", "flag", "disable"])).out).toMatch(/^disable\tSwitch a flag off/);
  });

  it("offers options, and the values that they take", async () => {
    expect(await complete("flag", "list", "--ta")).toEqual(["--tag"]);
    expect(await complete("experiment", "complete", "summer", "--outcome", "r")).toEqual([
      "rollout_winner",
      "rollback",
    ]);
    expect(await complete("experiment", "complete", "--outcome", "=", "no")).toEqual(["no_effect"]);
    expect(await complete("experiment", "complete", "--outcome", "=")).toContain("no_effect");
    expect(await complete("experiment", "complete", "--outcome=no")).toEqual(["--outcome=no_effect"]);
    expect(await complete("flag", "create", "--type", "json", "--d")).toEqual([
      "--default",
      "--description",
      "--disabled",
    ]);
    expect(await complete("flag", "list", "--owner", "")).toEqual([]);
  });

  it("offers arguments where there are few, and names of files where one is wanted", async () => {
    expect(await complete("completion", "")).toEqual([...SHELLS]);
    expect(await complete("user", "roles", "ada", "app")).toEqual(["approver"]);
    expect(await complete("user", "roles", "ada", "approver", "v")).toEqual(["viewer"]);
    expect(await complete("apply", "lo")).toEqual([":files"]);
    expect(await complete("export", "--out", "")).toEqual([":files"]);
    expect(await complete("flag", "show", "")).toEqual([]);
    expect(await complete("nonsense", "")).toEqual(expect.arrayContaining(["flag"]));
  });

  it("is for shells that are known", async () => {
    expect((await runCommand(["completion", "tcsh"])).code).toBe(2);
    for (const shell of SHELLS) expect((await runCommand(["completion", shell])).out).toContain("__complete");
  });
});

describe("completion in bash", { timeout: 60_000 }, () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-completion-"));
    const program = join(directory, "lotty");
    await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' --conditions=@lotty/source '${MAIN}' "$@"\n`);
    await chmod(program, 0o755);
  });
  afterAll(async () => rm(directory, { recursive: true, force: true }));

  /** What bash would offer for these words, the last of which is being typed. */
  async function offered(...words: readonly string[]): Promise<string> {
    const line = words.map((word) => `'${word}'`).join(" ");
    const script = `
      source <(lotty completion bash); source <(lotty completion bash)
      complete -p lotty
      COMP_WORDS=(lotty ${line}); COMP_CWORD=${words.length}
      _lotty lotty
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}` };
    const child = spawn("bash", ["--norc", "-c", script], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe("");
    return out;
  }

  it("completes what is typed, also when the script was read twice", async () => {
    expect(await offered("experiment", "comp")).toBe("complete -F _lotty lotty\ncomplete\n");
    expect(await offered("audit", "export", "--format", "")).toBe("complete -F _lotty lotty\nndjson\ncsv\n");
  });

  it("runs nothing that is written in the line", async () => {
    await offered("flag", "$(touch ran)", "`touch ran`", "; touch ran", "");
    expect(await readdir(directory)).toEqual(["lotty"]);
  });
});

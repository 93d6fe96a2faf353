import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readDefinitions, renderProblem } from "@lotty/definitions";
import { describe, expect, it } from "vitest";
import { EXIT_CODES } from "./exit-code.ts";
import { runCommand } from "./testing/captured-terminal.ts";

const repository = new URL("../../../", import.meta.url);
const cliPage = await readFile(new URL("docs/cli.md", repository), "utf8");
const definitionsPage = await readFile(new URL("docs/definitions.md", repository), "utf8");

/** The fenced blocks of a page that begin with a fence of this kind. */
function blocks(page: string, kind: string): readonly string[] {
  return Array.from(page.matchAll(/^```(.*)\n([^]*?)^```$/gm), ([, fence, body = ""]) => ({ fence, body }))
    .filter(({ fence }) => fence === kind)
    .map(({ body }) => body);
}

/** Words of a command line as a shell takes them: blanks separate, quotes hold together. */
function words(line: string): readonly string[] {
  return Array.from(
    line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}

function asPattern(expected: string): RegExp {
  const parts = expected.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}

describe("docs/cli.md", () => {
  it.each(blocks(cliPage, "console"))("shows what the command prints: %s", async (block) => {
    const [command = "", ...expected] = block.split("\n");
    const args = words(command.replace(/^\$ lotty /, "")).map((word) =>
      word === "demo/lotty.yaml" ? fileURLToPath(new URL(word, repository)) : word,
    );
    const { out } = await runCommand(args);
    expect(out).toMatch(asPattern(expected.join("\n")));
  });

  it("lists the exit codes there are", () => {
    const listed = Array.from(cliPage.matchAll(/^\| +(\d+) \|/gm), ([, code]) => Number(code));
    expect(listed).toEqual(Object.values(EXIT_CODES));
  });

  it("has a section for every command", async () => {
    const { out } = await runCommand(["--help"]);
    const commands = Array.from(out.matchAll(/^ {2}(\w+) .*/gm), ([, name]) => name).filter((name) => name !== "help");
    for (const name of commands) expect(cliPage).toContain(`\n## ${name ?? ""}\n`);
    expect(commands).toHaveLength(33);
  });
});

describe("docs/definitions.md", () => {
  it.each([...blocks(definitionsPage, "yaml"), ...blocks(definitionsPage, "json")])(
    "shows files that can be read: %s",
    (text) => {
      expect(readDefinitions(text, { fileName: "lotty.yaml" })).toMatchObject({ ok: true, warnings: [] });
    },
  );

  it("shows what is said about a faulty file", () => {
    const [text = ""] = blocks(definitionsPage, "yaml faulty");
    const reading = readDefinitions(text, { fileName: "lotty.yaml" });
    const said = reading.ok ? "" : reading.problems.map((problem) => renderProblem(problem, text)).join("\n");
    expect(`${said}\n`).toBe(blocks(definitionsPage, "text problems")[0]);
  });
});

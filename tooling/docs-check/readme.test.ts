import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const TYPESCRIPT_BLOCK = /```ts\n([\s\S]*?)```/;
const PROMISED_OUTPUT = /console\.log\(.*\); \/\/ (.*)\n/;

test("the program in the README runs as pasted and prints what it says", async () => {
  const readme = await readFile(join(repository, "README.md"), "utf8");
  const program = TYPESCRIPT_BLOCK.exec(readme)?.[1] ?? "";
  // Beside this file, where the packages that the program imports are found.
  const folder = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    const file = join(folder, "program.ts");
    await writeFile(file, program);
    const run = promisify(execFile)(process.execPath, ["--conditions=@lotty/source", file], { cwd: repository });
    const { stdout } = await run;
    expect(stdout.trim()).toBe(PROMISED_OUTPUT.exec(program)?.[1]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

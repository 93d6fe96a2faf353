import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const ROW = /^\|[^|]*\|[^|]*\| `([^`]+)`: (.+?) +\|$/gm;

const page = await readFile(join(repository, "docs/security.md"), "utf8");
const rows = [...page.matchAll(ROW)].map(([, file = "", title = ""]) => [title, file] as const);

test("the page on security names a test in every row", () => {
  const table = page.slice(page.indexOf("attacks: begin"), page.indexOf("attacks: end"));
  const lines = table.split("\n").filter((line) => line.startsWith("|"));
  expect(rows).toHaveLength(lines.length - 2);
});

test.each(rows)("the attack is played by a test that is there: %s", async (title, file) => {
  expect(await readFile(join(repository, file), "utf8")).toContain(title);
});

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withConfigurationTable } from "./configuration-page.ts";
import { configurationTable } from "./configuration-table.ts";
import { SETTING_NAMES } from "./settings.ts";

describe("docs/configuration.md", () => {
  // Run with --update, this test writes the page anew.
  it("shows the settings as the schema has them", async () => {
    const page = fileURLToPath(new URL("../../../docs/configuration.md", import.meta.url));
    await expect(withConfigurationTable(await readFile(page, "utf8"))).toMatchFileSnapshot(page);
  });
});

describe("configurationTable", () => {
  it("has one row for each setting, with a sentence that ends", () => {
    const rows = configurationTable()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.map((row) => row.split("`")[1])).toEqual(SETTING_NAMES);
    for (const row of rows) expect(row).toMatch(/\. +\|$/);
  });
});

describe("withConfigurationTable", () => {
  it("refuses a page without the marks", () => {
    expect(() => withConfigurationTable("# Settings")).toThrow(TypeError);
  });
});

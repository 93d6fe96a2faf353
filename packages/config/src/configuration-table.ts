import { SETTING_GROUPS, type SettingGroup } from "./setting.ts";
import { factsOf, SETTING_NAMES, type SettingName } from "./settings.ts";

const HEAD = ["Setting", "Default", "Values", "What it does"] as const;

/** Markdown that lists every setting, one table per group, taken from the schema. Ends with a line feed. */
export function configurationTable(): string {
  return SETTING_GROUPS.map((group) => `### ${group}\n\n${groupTable(group)}`).join("\n");
}

function groupTable(group: SettingGroup): string {
  const rows = [HEAD, ...SETTING_NAMES.filter((name) => factsOf(name).group === group).map(cells)];
  // Aligned, as the formatter of the repository wants tables.
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = "", ...body] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => "-".repeat(width))), ...body, ""].join("\n");
}

function cells(name: SettingName): readonly string[] {
  const { description, values, fallback } = factsOf(name);
  return [`\`${name}\``, fallback === null ? "not set" : `\`${fallback}\``, values, description];
}

function line(padded: readonly string[]): string {
  return `| ${padded.join(" | ")} |`;
}

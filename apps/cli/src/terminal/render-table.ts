import type { Paint } from "./paint.ts";
import { visibleText } from "./visible-text.ts";

/** A table with a line for each row, whatever the texts hold. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const shown = rows.map((row) => row.map((text) => visibleText(text).replace(/\s+/g, " ")));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...shown.map((row) => row[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [paint("quiet", line(headings)), ...shown.map(line)].join("\n");
}

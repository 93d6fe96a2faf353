import { configurationTable } from "./configuration-table.ts";

const BEGIN = "<!-- settings: begin. Generated from the schema, do not edit between these marks. -->";
const END = "<!-- settings: end -->";

/**
 * Puts the current tables of settings between the two marks of a documentation page and leaves the rest as it is.
 *
 * @throws TypeError when the page lacks the marks
 */
export function withConfigurationTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new TypeError("the page lacks the marks between which the settings go");
  return `${page.slice(0, begin + BEGIN.length)}\n\n${configurationTable()}\n${page.slice(end)}`;
}

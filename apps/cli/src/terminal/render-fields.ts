import type { Paint } from "./paint.ts";
import { visibleText } from "./visible-text.ts";

/** Names with what they stand for, one a line. What is `null` is left out; further lines of a text are moved in. */
export function renderFields(fields: readonly (readonly [name: string, text: string | null])[], paint: Paint): string {
  const said = fields.flatMap(([name, text]) => (text === null ? [] : [{ name, text }]));
  const width = Math.max(0, ...said.map(({ name }) => name.length));
  return said
    .map(({ name, text }) => {
      const shown = visibleText(text).replaceAll("\n", `\n${" ".repeat(width + 4)}`);
      return `  ${paint("quiet", name.padEnd(width))}  ${shown}`;
    })
    .join("\n");
}

import type { Diagnostic } from "./diagnostics.ts";
import { printable } from "./excerpt.ts";

/** Columns of the rule that are shown; longer lines are cut around the place. */
const WIDTH = 100;

/** Columns kept before the place when a line is cut. */
const LEAD = 40;

/**
 * Shows a diagnostic with the line it is about and carets under the place, for terminals with a fixed-width font.
 * Control characters of the rule are replaced, so that a rule cannot steer the terminal.
 *
 * @param text the rule that the diagnostic is about; with another text the excerpt is meaningless, but nothing throws
 */
export function renderDiagnostic(text: string, diagnostic: Diagnostic): string {
  const { code, severity, message, range, hint } = diagnostic;
  const line = text.split(/\r\n?|\n/, range.start.line).at(range.start.line - 1) ?? "";
  const column = range.start.column - 1;
  const from = line.length > WIDTH ? Math.max(0, Math.min(column - LEAD, line.length - WIDTH)) : 0;
  const shown = line.slice(from, from + WIDTH);
  const end = range.end.line === range.start.line ? range.end.column - 1 : line.length;
  const before = shown.slice(0, Math.max(0, column - from));
  const marked = shown.slice(before.length, Math.max(0, end - from));
  const number = String(range.start.line);
  const margin = " ".repeat(number.length);
  return [
    `${severity}: ${printable(message)} [${code}]`,
    `${margin}--> line ${number}, column ${range.start.column}`,
    ` ${number} | ${printable(shown)}`,
    ` ${margin} | ${" ".repeat(columns(before))}${"^".repeat(Math.max(1, columns(marked)))}`,
    ...(hint === undefined ? [] : [` ${margin} = ${printable(hint)}`]),
  ].join("\n");
}

/** Columns that a text takes, wide characters counted as one. */
function columns(text: string): number {
  return [...text].length;
}

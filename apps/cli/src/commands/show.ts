import { paintFor, type Paint } from "../terminal/paint.ts";
import { print, printJson, type Terminal } from "../terminal/terminal.ts";

/** What a command shows: JSON to programs, as the API answers, and something readable to people. */
export interface Shown {
  readonly json: unknown;
  readonly text: (paint: Paint) => string;
}

/** Shows what a command has found or done. */
export function show(terminal: Terminal, { json }: { readonly json?: boolean }, shown: Shown): Promise<void> {
  return json === true ? printJson(terminal, shown.json) : print(terminal, shown.text(paintFor(terminal.out)));
}

import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What the commands share. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Tells how the command ended. Not called: well. */
  readonly end: (code: ExitCode) => void;
}

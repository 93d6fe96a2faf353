/** What the runner tells its guardian. */
export type GuardianMessage =
  /** A process runs; `signal` ends it at once. */
  | { readonly started: number; readonly signal: NodeJS.Signals }
  | { readonly ended: number }
  /** A folder is to be removed in the end. */
  | { readonly folder: string }
  /** A command takes back what was done to the machine. */
  | { readonly undo: readonly string[] }
  | { readonly undone: readonly string[] }
  /** The runner itself is to be ended when it has neither said anything of this kind again nor ended by then. */
  | { readonly runner: number; readonly withinMillis: number };

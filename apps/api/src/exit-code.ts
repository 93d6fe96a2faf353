import { type ErrorCode, isLottyError } from "@lotty/domain";

/** What the exit codes of the API mean: the same as those of the command line. */
export const EXIT_CODES = {
  /** Ended in good order, by a signal or with its parent. */
  ok: 0,
  /** Did not end in good order, or ended by an exception that nobody caught. */
  failed: 1,
  /** A setting or the file of definitions is wrong. */
  invalid_input: 3,
  /** The port, the data directory, the database or the decision stream cannot be had. */
  unavailable: 4,
  /** A defect in Lotty. */
  internal: 70,
} as const;

const INVALID_INPUT: ReadonlySet<ErrorCode> = new Set(["invalid_configuration", "invalid_definition"]);

/** The exit code of a start that failed. */
export function exitCodeOf(error: unknown): number {
  if (!isLottyError(error) || error.code === "internal") return EXIT_CODES.internal;
  return INVALID_INPUT.has(error.code) ? EXIT_CODES.invalid_input : EXIT_CODES.unavailable;
}

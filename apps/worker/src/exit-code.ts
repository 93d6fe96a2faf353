import { isLottyError } from "@lotty/domain";

/** What the exit codes of the worker mean: the same as those of the API and the command line. */
export const EXIT_CODES = {
  /** Ended in good order, by a signal or with its parent. */
  ok: 0,
  /** Did not end in good order, or ended by an exception that nobody caught. */
  failed: 1,
  /** A setting is wrong. */
  invalid_input: 3,
  /** The port, the data directory or the database cannot be had. */
  unavailable: 4,
  /** A defect in Lotty. */
  internal: 70,
} as const;

/** The exit code of a start that failed. */
export function exitCodeOf(error: unknown): number {
  if (!isLottyError(error) || error.code === "internal") return EXIT_CODES.internal;
  return error.code === "invalid_configuration" ? EXIT_CODES.invalid_input : EXIT_CODES.unavailable;
}

import { type ErrorCode, isLottyError } from "@lotty/domain";

/** What the exit codes of `lotty` mean. Scripts match on them: they never change their meaning. */
export const EXIT_CODES = {
  /** Done, and nothing to complain about. */
  ok: 0,
  /** Done, but something was found: faults in a rule, differences in a dry run, bad lines, failed checks. */
  findings: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A file, rule, subject or setting is wrong. */
  invalid_input: 3,
  /** The database, the API or another thing that is needed is away, in use or not ready. */
  unavailable: 4,
  /** A defect in Lotty. */
  internal: 70,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
  /** Stopped by SIGTERM. */
  terminated: 143,
} as const;

/** One of {@link EXIT_CODES}. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

const BY_ERROR: Readonly<Record<ErrorCode, ExitCode>> = {
  invalid_request: EXIT_CODES.invalid_input,
  request_too_large: EXIT_CODES.invalid_input,
  invalid_configuration: EXIT_CODES.invalid_input,
  invalid_definition: EXIT_CODES.invalid_input,
  unauthenticated: EXIT_CODES.invalid_input,
  forbidden: EXIT_CODES.invalid_input,
  not_found: EXIT_CODES.invalid_input,
  subject_not_encodable: EXIT_CODES.invalid_input,
  already_exists: EXIT_CODES.invalid_input,
  last_admin: EXIT_CODES.invalid_input,
  rate_limited: EXIT_CODES.unavailable,
  revision_conflict: EXIT_CODES.unavailable,
  decision_store_unavailable: EXIT_CODES.unavailable,
  decision_rejected: EXIT_CODES.invalid_input,
  decision_stream_unavailable: EXIT_CODES.unavailable,
  database_unavailable: EXIT_CODES.unavailable,
  database_rejected: EXIT_CODES.invalid_input,
  schema_mismatch: EXIT_CODES.unavailable,
  cache_unavailable: EXIT_CODES.unavailable,
  data_directory_in_use: EXIT_CODES.unavailable,
  address_in_use: EXIT_CODES.unavailable,
  not_ready: EXIT_CODES.unavailable,
  overloaded: EXIT_CODES.unavailable,
  timeout: EXIT_CODES.unavailable,
  internal: EXIT_CODES.internal,
};

/** The exit code of a command that ended with an error. */
export function exitCodeOf(error: unknown): ExitCode {
  return isLottyError(error) ? BY_ERROR[error.code] : EXIT_CODES.internal;
}

/**
 * Every error code of the system and whether the same call may succeed later without anything being corrected.
 * Codes are part of the public contract; callers match on them, never on messages.
 */
export const ERROR_CODES = {
  /** The request is not what the operation takes. */
  invalid_request: { retryable: false },
  /** The request body is larger or deeper than the limits. */
  request_too_large: { retryable: false },
  /** Settings are missing or wrong; the process does not start. */
  invalid_configuration: { retryable: false },
  /** A file of flags and experiments cannot be applied. */
  invalid_definition: { retryable: false },
  /** Nobody knows who makes the request. */
  unauthenticated: { retryable: false },
  /** Whoever makes the request may not. */
  forbidden: { retryable: false },
  /** No such thing. */
  not_found: { retryable: false },
  /** A subject id has a lone surrogate and therefore no UTF-8 form to hash. */
  subject_not_encodable: { retryable: false },
  /** Something has this name already. */
  already_exists: { retryable: false },
  /** Nobody would be left who is an admin. */
  last_admin: { retryable: false },
  /** The caller asks more often than it may. */
  rate_limited: { retryable: true },
  /** The change rests on a revision that is no longer current. */
  revision_conflict: { retryable: true },
  /** The decision could not be written. */
  decision_store_unavailable: { retryable: true },
  /** The store refuses this very row; writing it again cannot help. */
  decision_rejected: { retryable: false },
  /** The decision stream does not take entries. */
  decision_stream_unavailable: { retryable: true },
  /** The database cannot be reached or does not answer in time. */
  database_unavailable: { retryable: true },
  /** The database refuses the statement or its data. */
  database_rejected: { retryable: false },
  /** The database has another schema than this version needs. */
  schema_mismatch: { retryable: false },
  /** The cache server cannot be reached or does not answer in time. */
  cache_unavailable: { retryable: true },
  /** Another process works on the same data directory. */
  data_directory_in_use: { retryable: true },
  /** The address to listen on is taken. */
  address_in_use: { retryable: true },
  /** The process is not ready yet or is shutting down. */
  not_ready: { retryable: true },
  /** The process has more requests than it can answer in time. */
  overloaded: { retryable: true },
  /** The operation took longer than its limit. */
  timeout: { retryable: true },
  /** A defect in the system. */
  internal: { retryable: false },
} as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an error may carry besides its code and message. */
export interface LottyErrorOptions {
  readonly cause?: unknown;
  /** Facts for people and logs; never secrets, never what the caller sent. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one exception type of the system. */
export class LottyError extends Error {
  override readonly name = "LottyError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: LottyErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** Whether the same call may succeed later. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

/** Whether something thrown is a {@link LottyError}, optionally of one code. */
export function isLottyError(error: unknown, code?: ErrorCode): error is LottyError {
  return error instanceof LottyError && (code === undefined || error.code === code);
}

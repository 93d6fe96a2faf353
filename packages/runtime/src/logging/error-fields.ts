import { isLottyError } from "@lotty/domain";
import { concealCredentials } from "./conceal-credentials.ts";

/** Causes are followed this far; a longer chain is a loop or noise. */
const MAX_CAUSES = 5;

/** An error as it appears in a log line. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  /** Stable code of our own errors, or the driver's or system's own (`ECONNREFUSED`, an SQLSTATE). */
  readonly code?: string;
  /** Whether the same call may succeed later; only our own errors know. */
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** Lays out anything thrown for a log line: code, whether to try again, and the chain of causes, credentials concealed. */
export function errorFields(error: unknown): ErrorFields {
  return layOut(error, MAX_CAUSES);
}

function layOut(error: unknown, causesLeft: number): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: concealCredentials(printed(error)) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const ours = isLottyError(error);
  return {
    type: error.name,
    message: concealCredentials(error.message),
    ...(code === undefined ? {} : { code }),
    ...(ours ? { retryable: error.retryable } : {}),
    ...(ours && Object.keys(error.details).length > 0 ? { details: error.details } : {}),
    ...(error.stack === undefined ? {} : { stack: concealCredentials(error.stack) }),
    ...(error.cause === undefined || causesLeft === 0 ? {} : { cause: layOut(error.cause, causesLeft - 1) }),
  };
}

function printed(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

import { STATUS_CODES } from "node:http";
import { type Problem, PROBLEM_MEDIA_TYPE, type ProblemCode, type RequestFault } from "@lotty/contracts";
import { ERROR_CODES, type ErrorCode, LottyError } from "@lotty/domain";
import type { Answer, AnswerHeaders } from "./answer.ts";
import { STATUS_BY_CODE } from "./status-by-code.ts";

/** A problem before it has a request id. */
export interface ProblemDraft {
  readonly code: ProblemCode;
  /** For people; must not contain what the caller sent. */
  readonly detail: string;
  readonly errors?: readonly RequestFault[];
  readonly headers?: AnswerHeaders;
  /** Members beside those of every problem. */
  readonly extensions?: ProblemExtensions;
}

/** Members of a problem that only some callers know (RFC 9457, section 3.2). */
export type ProblemExtensions = Readonly<Record<string, unknown>>;

/** Long enough for a failover or a restart to get on, short enough that callers notice the recovery at once. */
const RETRY_AFTER_SECONDS = "1";

/** Callers that were turned away together must not come back together. */
function retryAfter(code: ProblemCode): string {
  return code === "overloaded" && Math.random() < 0.5 ? "2" : RETRY_AFTER_SECONDS;
}

/** The answer that reports a problem. */
export function problemAnswer(draft: ProblemDraft, requestId: string): Answer {
  const status = STATUS_BY_CODE[draft.code];
  const problem: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Unknown",
    status,
    code: draft.code,
    detail: draft.detail,
    request_id: requestId,
    ...(draft.errors && { errors: draft.errors }),
    ...draft.extensions,
  };
  return {
    status,
    mediaType: PROBLEM_MEDIA_TYPE,
    body: JSON.stringify(problem),
    headers: { ...(isWorthRetrying(draft.code) && { "retry-after": retryAfter(draft.code) }), ...draft.headers },
  };
}

/** The answer to a request whose body is not what the route takes. */
export function invalidRequestAnswer(errors: readonly RequestFault[], requestId: string): Answer {
  return problemAnswer(invalidRequest(errors), requestId);
}

/** The problem of a request that is not what the route takes. */
export function invalidRequest(errors: readonly RequestFault[]): ProblemDraft {
  return { code: "invalid_request", detail: "The request is not valid.", errors };
}

/**
 * The answer to something thrown. Messages of the server's own faults stay in the log: they may name hosts, tables or
 * files.
 */
export function thrownAnswer(thrown: unknown, requestId: string, extensions: ProblemExtensions = {}): Answer {
  const code = thrown instanceof LottyError ? thrown.code : "internal";
  if (thrown instanceof LottyError && STATUS_BY_CODE[code] < 500) {
    return problemAnswer({ code, detail: thrown.message, extensions }, requestId);
  }
  const detail = ERROR_CODES[code].retryable
    ? "The service cannot do this at the moment. Try again."
    : "The service failed. Its log tells more under the request id.";
  return { ...problemAnswer({ code, detail, extensions }, requestId), cause: thrown };
}

function isWorthRetrying(code: ProblemCode): boolean {
  const isOurs = STATUS_BY_CODE[code] >= 500 || code === "overloaded" || code === "rate_limited";
  return isOurs && isErrorCode(code) && ERROR_CODES[code].retryable;
}

function isErrorCode(code: ProblemCode): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

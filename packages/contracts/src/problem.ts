import type { ErrorCode } from "@lotty/domain";
import type { RefusalCode } from "./control/refusal-codes.ts";
import type { RequestFault } from "./read-request.ts";

/** Codes of faults that lie in the use of HTTP itself; the domain does not know them. */
export const HTTP_FAULT_CODES = [
  /** The path exists, but not for this method; `Allow` names those it has. */
  "method_not_allowed",
  /** The body is not `application/json` in UTF-8 and without compression. */
  "unsupported_media_type",
  /** The request did not arrive completely in time. */
  "request_timeout",
  /** The request line and headers are larger than the limit. */
  "headers_too_large",
  /** The first request with the same `Idempotency-Key` has no answer yet. */
  "request_in_progress",
  /** The `Idempotency-Key` was used for another request. */
  "idempotency_key_reused",
] as const;

/** One of {@link HTTP_FAULT_CODES}. */
export type HttpFaultCode = (typeof HTTP_FAULT_CODES)[number];

/** Code of a problem. Stable: callers match on it, never on title or detail. */
export type ProblemCode = ErrorCode | HttpFaultCode | RefusalCode;

/** An error as it goes over the wire: RFC 9457, media type {@link PROBLEM_MEDIA_TYPE}. */
export interface Problem {
  /** Always `about:blank`: {@link Problem.code} tells the kinds of problems apart. */
  readonly type: "about:blank";
  /** The phrase that belongs to the status. */
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  /** What went wrong this time, for people. Never contains what the caller sent. */
  readonly detail: string;
  /** The id under which the server's logs know the request. */
  readonly request_id?: string;
  /** Everything that is wrong with the request, when it is `invalid_request`. */
  readonly errors?: readonly RequestFault[];
}

/** Media type of {@link Problem}. */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

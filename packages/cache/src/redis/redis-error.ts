import { LottyError } from "@lotty/domain";

/** What was attempted, for people: "reading the decision cache". */
type Attempt = string;

/** What else there is to say about a failure of the stream. */
export type StreamFailureFacts = { readonly partial?: true };

/** The code that begins every error reply of Redis, such as `NOGROUP` or `OOM`; `undefined` for other failures. */
export function redisErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== "ReplyError") return undefined;
  return /^([A-Z]+)\b/.exec(error.message)?.[1];
}

/** A failure of a cache, history or notice operation. */
export function cacheUnavailable(attempt: Attempt, error: unknown): LottyError {
  return translated("cache_unavailable", error, { attempt });
}

/**
 * A failure of an operation on the decision stream.
 *
 * @param facts `partial`: others of its servers work, so that another attempt may go well
 */
export function streamUnavailable(attempt: Attempt, error: unknown, facts: StreamFailureFacts = {}): LottyError {
  return translated("decision_stream_unavailable", error, { attempt, ...facts });
}

/**
 * The error without what ioredis adds to it. It attaches the command with its arguments, which hold subject ids or the
 * server's password and would end up in logs.
 */
export function withoutCommand(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const bare = new Error(error.message);
  bare.name = error.name;
  if (error.stack !== undefined) bare.stack = error.stack;
  return bare;
}

/** What a node said, when all that the client says is that none of them would do. */
export function nodeError(error: Error): Error {
  const latest: unknown = "lastNodeError" in error ? error.lastNodeError : undefined;
  return latest instanceof Error ? latest : error;
}

function translated(
  code: "cache_unavailable" | "decision_stream_unavailable",
  error: unknown,
  facts: StreamFailureFacts & Readonly<Record<"attempt", Attempt>>,
): LottyError {
  const redisCode = redisErrorCode(error);
  return new LottyError(code, `Redis failed at ${facts.attempt}.`, {
    cause: withoutCommand(error),
    details: redisCode === undefined ? facts : { ...facts, redisCode },
  });
}

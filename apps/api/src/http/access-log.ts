import type { Logger } from "@lotty/domain";
import type { Answer } from "./answer.ts";

/** What the log says about a request. Nothing in it is free text of the caller. */
export interface ExchangeFacts {
  readonly requestId: string;
  readonly route: string;
  readonly method: string;
  /** Time from the request's head to its answer. */
  readonly millis: number;
}

/**
 * Logs one request as `http_request`: at `debug` when it went well, so that the hot path writes no lines at the usual
 * level, at `info` when the caller is at fault, at `warn` when the service could not. A defect is an `error`. Requests that
 * are turned away are `debug` too: writing a line for each would take the time that turning them away saves.
 */
export function logExchange(logger: Logger, answer: Answer, facts: ExchangeFacts): void {
  const fields = {
    request_id: facts.requestId,
    method: facts.method,
    route: facts.route,
    status: answer.status,
    millis: Math.round(facts.millis * 1_000) / 1_000,
    ...(answer.cause !== undefined && { error: answer.cause }),
  };
  if (answer.status < 400 || answer.status === 429) logger.debug("http_request", fields);
  else if (answer.status < 500) logger.info("http_request", fields);
  else if (answer.status === 500) logger.error("http_request", fields);
  else logger.warn("http_request", fields);
}

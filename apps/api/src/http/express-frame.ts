import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "@lotty/domain";
import type { RequestHandler } from "express";
import type { OpenExchanges } from "./open-exchanges.ts";
import { problemAnswer, type ProblemDraft, thrownAnswer } from "./problem-answer.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";
import { writeAnswer } from "./write-answer.ts";

/** An Express application as `node:http` sees it; what it has no route for, and what fails in it, goes to `done`. */
export type ExpressListener = (
  request: IncomingMessage,
  response: ServerResponse,
  done: (error?: unknown) => void,
) => void;

/** Gives answers that are written by others than `serve` the headers that all answers share. */
export function frameAnswer(exchanges: OpenExchanges): RequestHandler {
  return (request, response, next) => {
    response.setHeader(REQUEST_ID_HEADER, requestIdOf(request.headers[REQUEST_ID_HEADER]));
    if (exchanges.draining) response.setHeader("connection", "close");
    next();
  };
}

/** The exchange in which Express was asked, and where to report a failure. */
export interface FailureContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly logger: Logger;
}

/** What is left to do when Express is done: answer an error with a problem, else go on with `otherwise`. */
export function failedOr(
  otherwise: () => void,
  { logger, request, response }: FailureContext,
): (error?: unknown) => void {
  return (error) => {
    if (error === undefined || error === null) return otherwise();
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    // Thrown while the parts of a path are decoded: the caller's doing.
    if (error instanceof URIError) {
      writeAnswer(response, problemAnswer(BAD_PATH, requestId), { requestId, close: true });
      return;
    }
    logger.error("http_request_failed", { request_id: requestId, error });
    if (response.headersSent) response.destroy();
    else writeAnswer(response, thrownAnswer(error, requestId), { requestId, close: true });
  };
}

const BAD_PATH: ProblemDraft = { code: "invalid_request", detail: "The path is not percent-encoded UTF-8." };

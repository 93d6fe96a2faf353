import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "@lotty/domain";
import type { OpenExchanges } from "./open-exchanges.ts";
import { problemAnswer, type ProblemDraft } from "./problem-answer.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";

const MALFORMED: ProblemDraft = { code: "invalid_request", detail: "What was sent is not a valid HTTP/1.1 request." };

const PROBLEM_BY_ERROR: Readonly<Record<string, ProblemDraft>> = {
  HPE_HEADER_OVERFLOW: { code: "headers_too_large", detail: "The request line and headers are too large." },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { code: "request_too_large", detail: "The chunk extensions are too large." },
  ERR_HTTP_REQUEST_TIMEOUT: { code: "request_timeout", detail: "The request did not arrive completely in time." },
};

/** What answering below the level of requests needs. */
export interface ClientErrorContext {
  readonly logger: Logger;
  readonly exchanges: OpenExchanges;
}

/**
 * Answers what never became a request, and requests that stopped half-way, with a problem and closes the connection.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, context: ClientErrorContext): void {
  // An earlier request of this connection still waits for its answer and would take this one for it.
  if (!socket.writable || error.code === "ECONNRESET" || context.exchanges.owesAnswer(socket)) {
    socket.destroy();
    return;
  }
  const requestId = requestIdOf(undefined);
  const answer = problemAnswer(PROBLEM_BY_ERROR[error.code ?? ""] ?? MALFORMED, requestId);
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    `Content-Type: ${answer.mediaType}`,
    `Content-Length: ${Buffer.byteLength(answer.body)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${answer.body}`, () => socket.destroy());
  context.logger.info("http_client_error", { request_id: requestId, status: answer.status, code: error.code });
}

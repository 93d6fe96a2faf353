import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";

/** What the server adds to an answer. */
export interface AnswerContext {
  readonly requestId: string;
  /** Tell the caller to open a new connection for its next request. */
  readonly close: boolean;
}

/**
 * Sends an answer, in one piece and with its length, so that Node neither chunks nor computes anything on the way, unless it
 * is a stream.
 */
export function writeAnswer(response: ServerResponse, answer: Answer, context: AnswerContext): void {
  const content = answer.content ?? answer.body;
  const headers: Record<string, string | number> = {
    "x-request-id": context.requestId,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  if (answer.mediaType !== null) {
    headers["content-type"] = answer.mediaType;
    if (typeof content !== "function") headers["content-length"] = Buffer.byteLength(content);
  }
  if (context.close) headers["connection"] = "close";
  if (answer.headers !== undefined) Object.assign(headers, answer.headers);
  response.writeHead(answer.status, headers);
  if (typeof content !== "function") response.end(content);
  else if (response.req.method === "HEAD") response.end();
  else content(response);
}

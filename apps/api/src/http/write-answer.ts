import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";

/** What the server adds to an answer. */
export interface AnswerContext {
  readonly requestId: string;
  /** Tell the caller to open a new connection for its next request. */
  readonly close: boolean;
}

/** Sends an answer in one piece, with its length, so that Node neither chunks nor computes anything on the way. */
export function writeAnswer(response: ServerResponse, answer: Answer, context: AnswerContext): void {
  const headers: Record<string, string | number> = {
    "x-request-id": context.requestId,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  if (answer.mediaType !== null) {
    headers["content-type"] = answer.mediaType;
    headers["content-length"] = Buffer.byteLength(answer.body);
  }
  if (context.close) headers["connection"] = "close";
  if (answer.headers !== undefined) Object.assign(headers, answer.headers);
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

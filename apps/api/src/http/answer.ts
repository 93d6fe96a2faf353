import type { ServerResponse } from "node:http";

/** Headers of an answer by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** Writes a body bit by bit, once the head is sent; whoever does has to end the response. */
export type BodyWriter = (response: ServerResponse) => void;

/** What a route answers. The server adds length, request id and the headers that all answers share. */
export interface Answer {
  readonly status: number;
  /** Media type of the body; `null` for an answer without one. */
  readonly mediaType: string | null;
  readonly body: string;
  /** Sent in place of `body`: bytes as they are, or a stream that its writer ends. */
  readonly content?: Uint8Array | BodyWriter;
  readonly headers?: AnswerHeaders;
  /** Nobody was asked for it: it is sent together with others that the same turn of the event loop brought. */
  readonly atOnce?: true;
  /** Body of the answer to a repetition of an idempotent request; `body` when absent, which then holds no secret. */
  readonly repetition?: string;
  /** What to log beside the request when the server is at fault. */
  readonly cause?: unknown;
}

/** A 200 answer with a JSON body that was known without asking anybody. */
export function answerAtOnce(value: unknown): Answer {
  return { status: 200, mediaType: "application/json", body: JSON.stringify(value), atOnce: true };
}

/** A 200 answer with a JSON body. */
export function jsonAnswer(value: unknown): Answer {
  return { status: 200, mediaType: "application/json", body: JSON.stringify(value) };
}

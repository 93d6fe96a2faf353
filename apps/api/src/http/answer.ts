/** Headers of an answer by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** What a route answers. The server adds length, request id and the headers that all answers share. */
export interface Answer {
  readonly status: number;
  /** Media type of the body; `null` for an answer without one. */
  readonly mediaType: string | null;
  readonly body: string;
  readonly headers?: AnswerHeaders;
  /** What to log beside the request when the server is at fault. */
  readonly cause?: unknown;
}

/** A 200 answer with a JSON body. */
export function jsonAnswer(value: unknown): Answer {
  return { status: 200, mediaType: "application/json", body: JSON.stringify(value) };
}

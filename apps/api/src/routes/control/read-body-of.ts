import type { IncomingMessage } from "node:http";
import type { Read, RequestFault } from "@lotty/contracts";
import type { ProblemDraft } from "../../http/problem-answer.ts";
import { readJson } from "../../http/read-json.ts";

/** What a body says, or the problem with it. */
export type ReadBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ProblemDraft };

/** Reads the JSON body of a request. One that was not sent at all counts as an empty object. */
export async function readBodyOf<T>(request: IncomingMessage, read: (body: unknown) => Read<T>): Promise<ReadBody<T>> {
  const body = isSent(request) ? await readJson(request) : ({ ok: true, value: {} } as const);
  if (!body.ok) return body;
  const reading = read(body.value);
  return reading.ok ? { ok: true, value: reading.request } : { ok: false, problem: invalidRequest(reading.faults) };
}

/** The problem of a request with faults. */
export function invalidRequest(errors: readonly RequestFault[]): ProblemDraft {
  return { code: "invalid_request", detail: "The request is not valid.", errors };
}

/** Whether a request has a body (RFC 9112, section 6). */
function isSent({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

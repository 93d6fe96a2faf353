import type { Read } from "@lotty/contracts";
import { invalidRequest, type ProblemDraft } from "./problem-answer.ts";
import type { ReadJson } from "./read-json.ts";

/** What a body says, or the problem with it. */
export type ReadBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ProblemDraft };

/** Reads a body of JSON as what a route takes. Not asynchronous itself: another promise would cost every decision something. */
export function readAs<T>(read: (body: unknown) => Read<T>, body: ReadJson): ReadBody<T> {
  if (!body.ok) return body;
  const reading = read(body.value);
  return reading.ok ? { ok: true, value: reading.request } : { ok: false, problem: invalidRequest(reading.faults) };
}

import { readOfrepRequest } from "@lotty/contracts";
import type { Subject } from "@lotty/domain";
import type { IncomingMessage } from "node:http";
import type { Answer } from "../../http/answer.ts";
import { readJson } from "../../http/read-json.ts";
import { ofrepFaultAnswer, type OfrepPlace, ofrepProblem } from "./ofrep-problem.ts";

/** Whom a request is about, or the answer to a request that does not say so properly. */
export type ReadSubject =
  | { readonly ok: true; readonly subject: Subject }
  | { readonly ok: false; readonly answer: Answer };

/** Reads the body of a request of the protocol. */
export async function readSubject(request: IncomingMessage, place: OfrepPlace): Promise<ReadSubject> {
  const body = await readJson(request);
  if (!body.ok) return { ok: false, answer: ofrepProblem("PARSE_ERROR", body.problem, place) };
  const read = readOfrepRequest(body.value);
  if (!read.ok) return { ok: false, answer: ofrepFaultAnswer(read.fault, place) };
  const { attributes, subjectId } = read.subject;
  return { ok: true, subject: { id: subjectId, attributes } };
}

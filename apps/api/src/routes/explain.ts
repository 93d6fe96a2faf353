import { type ClausePrinter, presentExplanation, readExplainRequest } from "@lotty/contracts";
import type { Decider } from "@lotty/decisions";
import { jsonAnswer } from "../http/answer.ts";
import { problemAnswer } from "../http/problem-answer.ts";
import { readAs } from "../http/read-as.ts";
import { readJson } from "../http/read-json.ts";
import type { RouteHandler } from "../routing/route.ts";

/** `POST /v1/explain`: why a subject would get what it gets now, gate by gate. */
export function explainHandler(decider: Decider, printClause: ClausePrinter): RouteHandler {
  return async ({ environmentId, request, requestId }) => {
    const read = readAs(readExplainRequest, await readJson(request));
    if (!read.ok) return problemAnswer(read.problem, requestId);
    const { flag, subject_id, attributes } = read.value;
    const explanation = await decider.explainForFlag(flag, { subject: { id: subject_id, attributes }, environmentId });
    return jsonAnswer(presentExplanation(explanation, printClause));
  };
}

import { presentDecision, presentDecisions, readDecideRequest } from "@lotty/contracts";
import type { Decider } from "@lotty/decisions";
import { jsonAnswer } from "../http/answer.ts";
import { invalidRequestAnswer, problemAnswer } from "../http/problem-answer.ts";
import { readJson } from "../http/read-json.ts";
import type { Handler } from "../http/serve.ts";

/** `POST /v1/decide`: one flag or several flags of one subject. */
export function decideHandler(decider: Decider): Handler {
  return async ({ request, requestId }) => {
    const body = await readJson(request);
    if (!body.ok) return problemAnswer(body.problem, requestId);
    const read = readDecideRequest(body.value);
    if (!read.ok) return invalidRequestAnswer(read.faults, requestId);
    const asked = read.request;
    const question = { subject: { id: asked.subject_id, attributes: asked.attributes }, peek: asked.peek };
    return "flags" in asked
      ? jsonAnswer(presentDecisions(await decider.decideForFlags(asked.flags, question)))
      : jsonAnswer(presentDecision(await decider.decideForFlag(asked.flag, question)));
  };
}

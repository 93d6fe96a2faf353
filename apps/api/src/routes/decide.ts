import { presentDecision, presentDecisions, readDecideRequest } from "@lotty/contracts";
import type { Decider } from "@lotty/decisions";
import { jsonAnswer } from "../http/answer.ts";
import { problemAnswer } from "../http/problem-answer.ts";
import { readAs } from "../http/read-as.ts";
import { readJson } from "../http/read-json.ts";
import type { Handler } from "../http/serve.ts";

/** `POST /v1/decide`: one flag or several flags of one subject. */
export function decideHandler(decider: Decider): Handler {
  return async ({ request, requestId }) => {
    const read = readAs(readDecideRequest, await readJson(request));
    if (!read.ok) return problemAnswer(read.problem, requestId);
    const asked = read.value;
    const question = { subject: { id: asked.subject_id, attributes: asked.attributes }, peek: asked.peek };
    return "flags" in asked
      ? jsonAnswer(presentDecisions(await decider.decideForFlags(asked.flags, question)))
      : jsonAnswer(presentDecision(await decider.decideForFlag(asked.flag, question)));
  };
}

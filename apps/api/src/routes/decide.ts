import {
  type DecideRequest as AskedDecisions,
  presentDecision,
  presentDecisions,
  readDecideRequest,
} from "@lotty/contracts";
import type { AnsweredDecision, DecideRequest, Decider } from "@lotty/decisions";
import { LottyError } from "@lotty/domain";
import { type Answer, answerAtOnce, jsonAnswer } from "../http/answer.ts";
import { problemAnswer } from "../http/problem-answer.ts";
import { readAs } from "../http/read-as.ts";
import { readJson } from "../http/read-json.ts";
import type { RouteHandler } from "../routing/route.ts";

/** `POST /v1/decide`: one flag or several flags of one subject. */
export function decideHandler(decider: Decider): RouteHandler {
  return ({ environmentId, request, requestId }) =>
    readJson(request).then((body) => {
      const read = readAs(readDecideRequest, body);
      return read.ok ? decide(read.value, environmentId, decider) : problemAnswer(read.problem, requestId);
    });
}

function decide(asked: AskedDecisions, environmentId: string, decider: Decider): Answer | Promise<Answer> {
  const { attributes, peek, subject_id: id } = asked;
  const question: DecideRequest = { subject: { id, attributes }, peek, environmentId };
  const flags = "flags" in asked ? asked.flags : [asked.flag];
  const known = peek ? decider.peekNow(flags, question) : undefined;
  if (known !== undefined) return answerAtOnce(shown(asked, known));
  return decider.decideForFlags(flags, question).then((decisions) => jsonAnswer(shown(asked, decisions)));
}

function shown(asked: AskedDecisions, decisions: readonly AnsweredDecision[]): unknown {
  if ("flags" in asked) return presentDecisions(decisions);
  const [only] = decisions;
  if (only === undefined) throw new LottyError("internal", "A decision for one flag came out empty.");
  return presentDecision(only);
}

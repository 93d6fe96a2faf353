import { presentRefusals } from "@lotty/contracts";
import type { Refusal } from "@lotty/control-plane";
import type { Answer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";

/** The answer to a command that was refused: the first refusal gives code and status, all of them are listed. */
export function refusalAnswer(refusals: readonly Refusal[], requestId: string): Answer {
  const [first] = refusals;
  if (first === undefined) throw new TypeError("A refusal without a reason");
  return problemAnswer({ code: first.code, detail: first.message, extensions: presentRefusals(refusals) }, requestId);
}

import { isFlagKey, presentOfrepEvaluation } from "@lotty/contracts";
import { jsonAnswer } from "../../http/answer.ts";
import type { RouteHandler } from "../../routing/route.ts";
import { evaluationFacts } from "./evaluation-facts.ts";
import type { OfrepParts } from "./ofrep-parts.ts";
import { flagNotFoundAnswer, withOfrepErrors } from "./ofrep-problem.ts";
import { readSubject } from "./read-subject.ts";

/** `POST /ofrep/v1/evaluate/flags/{key}`: decides one flag and records that, as `POST /v1/decide` does. */
export function evaluateFlagHandler({ decider, snapshots }: OfrepParts): RouteHandler {
  return withOfrepErrors(async ({ environmentId, params, request, requestId }) => {
    const key = String(params["key"]);
    const place = { requestId, key };
    const read = await readSubject(request, place);
    if (!read.ok) return read.answer;
    // Nothing can have such a key, so there is nothing to decide or to record.
    if (!isFlagKey(key)) return flagNotFoundAnswer(place);
    const before = snapshots.current(environmentId);
    const decision = await decider.decideForFlag(key, { subject: read.subject, environmentId });
    if (decision.reason === "flag_not_found") return flagNotFoundAnswer(place);
    // With a new configuration in between, nobody can tell here which of the two decided.
    const certain = snapshots.current(environmentId) === before;
    return jsonAnswer(presentOfrepEvaluation(decision, certain ? evaluationFacts(decision, before) : {}));
  });
}

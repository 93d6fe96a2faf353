import { presentRecord, presentRecords, presentReplay, readDecisionsQuery, readReplayRequest } from "@lotty/contracts";
import type { DecisionRecords } from "@lotty/decisions";
import type { Clock, DecisionRecord } from "@lotty/domain";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { invalidRequestAnswer, problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import { idIn } from "../../http/id-in.ts";
import { FIND_DECISION_OPERATION, LIST_DECISIONS_OPERATION, REPLAY_OPERATION } from "./decision-operations.ts";
import { readQueryOf } from "../../http/read-query.ts";

/** What looking at records works with. */
export interface RecordsParts {
  readonly records: DecisionRecords;
  readonly clock: Clock;
}

const PATH = "/v1/decisions";
const ONE = `${PATH}/:decision_id`;

/** Looking at decisions on record, and taking them again. */
export function decisionRoutes(parts: RecordsParts): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    { method: "GET", path: PATH, access, operation: LIST_DECISIONS_OPERATION, handler: (asked) => list(asked, parts) },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_DECISION_OPERATION,
      handler: async (asked) => {
        const decision = await find(asked, parts);
        return decision === null ? noDecision(asked.requestId) : jsonAnswer(presentRecord(decision));
      },
    },
    {
      method: "POST",
      path: `${ONE}/replay`,
      access,
      operation: REPLAY_OPERATION,
      handler: (asked) => replay(asked, parts),
    },
  ];
}

async function list(
  { environmentId, request, requestId }: AdmittedExchange,
  { clock, records }: RecordsParts,
): Promise<Answer> {
  const read = readQueryOf(request, (query) => readDecisionsQuery(query, clock.now()));
  if (!read.ok) return invalidRequestAnswer(read.faults, requestId);
  const { cursor, experiment_id: experimentId, flag: flagKey, subject_id: subjectId, ...span } = read.request;
  const page = await records.list({
    environmentId,
    ...span,
    ...(subjectId !== undefined && { subjectId }),
    ...(experimentId !== undefined && { experimentId }),
    ...(flagKey !== undefined && { flagKey }),
    ...(cursor !== undefined && { before: cursor }),
  });
  return jsonAnswer(presentRecords(page));
}

async function replay(asked: AdmittedExchange, parts: RecordsParts): Promise<Answer> {
  const { request, requestId } = asked;
  const read = readAs(readReplayRequest, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  const decision = await find(asked, parts);
  if (decision === null) return noDecision(requestId);
  const replayed = await parts.records.replay(decision, read.value.attributes ?? null);
  return jsonAnswer(presentReplay(decision.decisionId, replayed));
}

async function find(
  { environmentId, params }: AdmittedExchange,
  { records }: RecordsParts,
): Promise<DecisionRecord | null> {
  const id = idIn(params, "decision_id");
  return id === undefined ? null : records.find(environmentId, id);
}

function noDecision(requestId: string): Answer {
  const detail = "There is no such decision on record. One that was queued or spooled is there once it is written.";
  return problemAnswer({ code: "not_found", detail }, requestId);
}

import { presentErasure, presentSubject, readSubjectQuery } from "@lotty/contracts";
import type { ClientAddress } from "../../access/client-address.ts";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { invalidRequestAnswer } from "../../http/problem-answer.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import { commandOf } from "../control/asked-by.ts";
import type { RecordsParts } from "../decisions/decision-routes.ts";
import { readQueryOf } from "../../http/read-query.ts";
import { ERASE_SUBJECT_OPERATION, SUBJECT_OPERATION } from "./subject-operations.ts";

const PATH = "/v1/subjects";

/** How much of the log a subject's page shows. */
const LIMITS = { days: 30, decisions: 20 };

/** What the routes of subjects work with. */
export interface SubjectParts extends RecordsParts {
  readonly clientAddress: ClientAddress;
}

/** What is known of a subject, and forgetting it. The id is in the query: ids may have slashes. */
export function subjectRoutes(parts: SubjectParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: SUBJECT_OPERATION,
      handler: (asked) => show(asked, parts),
    },
    {
      method: "DELETE",
      path: PATH,
      access: { kind: "scope", scope: "manage", role: "admin" },
      operation: ERASE_SUBJECT_OPERATION,
      handler: (asked) => erase(asked, parts),
    },
  ];
}

async function show(
  { environmentId, request, requestId }: AdmittedExchange,
  { records }: RecordsParts,
): Promise<Answer> {
  const read = readQueryOf(request, readSubjectQuery);
  if (!read.ok) return invalidRequestAnswer(read.faults, requestId);
  const page = await records.subject({ environmentId, subjectId: read.request.subject_id }, LIMITS);
  return jsonAnswer(presentSubject(page));
}

async function erase(exchange: AdmittedExchange, { clientAddress, records }: SubjectParts): Promise<Answer> {
  const read = readQueryOf(exchange.request, readSubjectQuery);
  if (!read.ok) return invalidRequestAnswer(read.faults, exchange.requestId);
  const { actor, environmentId } = commandOf(exchange, clientAddress);
  return jsonAnswer(presentErasure(await records.erase({ environmentId, subjectId: read.request.subject_id }, actor)));
}

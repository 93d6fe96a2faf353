import {
  type DefinitionsQuery,
  type DefinitionsRequest,
  type DefinitionsResponse,
  MAX_DEFINITIONS_BYTES,
  presentDifference,
  readDefinitionsQuery,
  readDefinitionsRequest,
} from "@lotty/contracts/definitions";
import type { DefinitionsChange } from "@lotty/control-plane";
import { type DefinitionProblem, readDefinitions } from "@lotty/definitions";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { commandOf, questionOf } from "../control/asked-by.ts";
import { answerOf } from "../control/changing.ts";
import { versionTag } from "../control/if-match.ts";
import { looking } from "../control/looking.ts";
import { APPLY_DEFINITIONS_OPERATION, EXPORT_DEFINITIONS_OPERATION } from "./definitions-operations.ts";

const PATH = "/v1/definitions";

const FORM = { maxBytes: MAX_DEFINITIONS_BYTES, packed: true } as const;

const MEDIA_TYPES = { yaml: "application/yaml", json: "application/json" } as const;

/** Everything stored as a file, and files that change what is stored; for admins. */
export function definitionsRoutes(parts: ControlParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "admin" },
      operation: EXPORT_DEFINITIONS_OPERATION,
      handler: looking(readDefinitionsQuery, (query, asked) => exportFile(query, asked, parts)),
    },
    {
      method: "POST",
      path: PATH,
      access: { kind: "scope", scope: "manage", role: "admin" },
      operation: APPLY_DEFINITIONS_OPERATION,
      handler: async (asked) => {
        const body = readAs(readDefinitionsRequest, await readJson(asked.request, FORM));
        return body.ok ? takeFile(body.value, asked, parts) : problemAnswer(body.problem, asked.requestId);
      },
    },
  ];
}

async function exportFile(
  { format: form }: DefinitionsQuery,
  asked: AdmittedExchange,
  { control }: ControlParts,
): Promise<Answer> {
  const exported = await control().definitions.export({ ...questionOf(asked), form });
  return answerOf(
    exported,
    ({ revision, text: body }) => ({
      status: 200,
      mediaType: MEDIA_TYPES[form],
      body,
      headers: { etag: versionTag(revision) },
    }),
    asked.requestId,
  );
}

async function takeFile(
  request: DefinitionsRequest,
  asked: AdmittedExchange,
  { clientAddress, control }: ControlParts,
): Promise<Answer> {
  const reading = readDefinitions(request.text, { fileName: "definitions" });
  if (!reading.ok) return invalidFile(reading.problems, asked.requestId);
  const { definitions } = control();
  const command = { ...commandOf(asked, clientAddress), definitions: reading.definitions, prune: request.prune };
  const planned = await definitions.plan(command);
  if (planned.status === "refused" || planned.result.empty || !request.apply) {
    return answerOf(planned, (change) => changeAnswer(change, false), asked.requestId);
  }
  const { revision: expectedRevision = planned.result.revision } = request;
  const applied = await definitions.apply({ ...command, expectedRevision });
  const show = (change: DefinitionsChange): Answer => {
    const revision = applied.status === "done" ? applied.revision : change.revision;
    return changeAnswer({ ...change, revision }, true);
  };
  return answerOf(applied, show, asked.requestId);
}

function changeAnswer({ differences, revision }: DefinitionsChange, applied: boolean): Answer {
  const response: DefinitionsResponse = { applied, revision, differences: differences.map(presentDifference) };
  return jsonAnswer(response);
}

function invalidFile(problems: readonly DefinitionProblem[], requestId: string): Answer {
  const errors = problems.map(({ column, hint, line, message, path }) => {
    const place = path === "" ? `${line}:${column}` : `${line}:${column}: ${path}`;
    return { path: "/text", message: `${place}: ${message}${hint === undefined ? "" : ` (${hint})`}` };
  });
  return problemAnswer({ code: "invalid_definition", detail: "The file is not valid.", errors }, requestId);
}

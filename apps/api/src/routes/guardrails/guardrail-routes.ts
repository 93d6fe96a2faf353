import {
  type GuardrailEditRequest,
  presentGuardrail,
  presentWatchedGuardrail,
  readGuardrailEdit,
  readNewGuardrail,
  readPlainAction,
  type WatchedGuardrailResponse,
} from "@lotty/contracts";
import type { Guardrail, GuardrailRule } from "@lotty/domain";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { environmentOf } from "../control/asked-by.ts";
import { change, createdAnswer, GONE, naming, versionAnswer } from "../control/changing.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import { GUARDRAIL_OPERATIONS } from "./guardrail-operations.ts";
import { withIds } from "./with-ids.ts";

const PATH = "/v1/experiments/:experiment_id/guardrails";
const ONE = `${PATH}/:guardrail_id`;

/** What watches experiments while they run. */
export function guardrailRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts)];
}

function lookingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: GUARDRAIL_OPERATIONS.list,
      handler: withId("experiment_id", async (experimentId, asked) =>
        listAnswer("guardrails", await watched(parts, asked, experimentId)),
      ),
    },
    {
      method: "POST",
      path: `${PATH}/evaluate`,
      access: { kind: "scope", scope: "manage", role: "experimenter" },
      operation: GUARDRAIL_OPERATIONS.evaluate,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const environmentId = environmentOf(asked);
        const { experiments } = await control().store.load(environmentId);
        const experiment = experiments.find(({ id }) => id === experimentId);
        if (experiment === undefined) return nothingThere(asked.requestId);
        if (experiment.status !== "running") {
          const detail = `Guardrails watch an experiment that is running; this one is ${experiment.status}.`;
          return problemAnswer({ code: "invalid_request", detail }, asked.requestId);
        }
        const evaluated = await control().guardrails.evaluate(environmentId, experiment);
        return jsonAnswer({ evaluated, guardrails: await watched(parts, asked, experimentId) });
      }),
    },
  ];
}

function changingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "manage", role: "experimenter" } as const;
  return [
    {
      method: "POST",
      path: PATH,
      access,
      operation: GUARDRAIL_OPERATIONS.create,
      idempotent: true,
      handler: withId("experiment_id", (experimentId, asked) =>
        change(asked, parts, {
          read: readNewGuardrail,
          run: (command, { action, margin, metric_id: metricId, ...rest }) =>
            control().guardrails.control.create({
              ...command,
              experimentId,
              metricId,
              rule: { ...ruleOf(rest), action, margin },
            }),
          answer: (guardrail) =>
            createdAnswer(guardrailAnswer(guardrail), `/v1/experiments/${experimentId}/guardrails/${guardrail.id}`),
        }),
      ),
    },
    {
      method: "PATCH",
      path: ONE,
      access,
      operation: GUARDRAIL_OPERATIONS.edit,
      handler: withIds("guardrail_id", ({ experimentId, otherId: guardrailId }, asked) =>
        change(asked, parts, {
          version: "named",
          read: readGuardrailEdit,
          run: (command, body) =>
            control().guardrails.control.edit({ ...naming(command), experimentId, guardrailId, rule: ruleOf(body) }),
          answer: guardrailAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access,
      operation: GUARDRAIL_OPERATIONS.remove,
      handler: withIds("guardrail_id", ({ experimentId, otherId: guardrailId }, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().guardrails.control.remove({ ...command, experimentId, guardrailId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

/** The fields of a rule that a request names. */
export function ruleOf(request: GuardrailEditRequest): Partial<GuardrailRule> {
  return {
    ...(request.margin !== undefined && { margin: request.margin }),
    ...(request.margin_kind !== undefined && { marginKind: request.margin_kind }),
    ...(request.alpha !== undefined && { alpha: request.alpha }),
    ...(request.minimum_subjects !== undefined && { minimumSubjects: request.minimum_subjects }),
    ...(request.tuned_for !== undefined && { tunedFor: request.tuned_for }),
    ...(request.population !== undefined && { population: request.population }),
    ...(request.action !== undefined && { action: request.action }),
  };
}

async function watched(
  { control }: ControlParts,
  asked: AdmittedExchange,
  experimentId: string,
): Promise<readonly WatchedGuardrailResponse[]> {
  const { reads } = control().guardrails;
  const environmentId = environmentOf(asked);
  const [guardrails, evaluations] = await Promise.all([
    reads.list(environmentId, experimentId),
    reads.evaluations(environmentId, experimentId),
  ]);
  return guardrails.map((guardrail) =>
    presentWatchedGuardrail(
      guardrail,
      evaluations.find(({ guardrailId }) => guardrailId === guardrail.id),
    ),
  );
}

function guardrailAnswer(guardrail: Guardrail): Answer {
  return versionAnswer(presentGuardrail(guardrail));
}

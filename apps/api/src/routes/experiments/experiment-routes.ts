import {
  draftOf,
  experimentEditOf,
  isWantedExperiment,
  presentExperimentSummary,
  presentFinding,
  presentPreview,
  readExperimentEdit,
  readExperimentsQuery,
  readNewExperiment,
  readPlainAction,
} from "@lotty/contracts";
import type { LaunchFinding } from "@lotty/control-plane";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { questionOf } from "../control/asked-by.ts";
import { answerOf, change, createdAnswer, GONE, naming } from "../control/changing.ts";
import { listAnswer, looking, withId } from "../control/looking.ts";
import { pageOf } from "../control/page-of.ts";
import { readBodyOf } from "../control/read-body-of.ts";
import { actionRoutes } from "./action-routes.ts";
import { experimentAnswer } from "./experiment-answer.ts";
import {
  CREATE_EXPERIMENT_OPERATION,
  EDIT_EXPERIMENT_OPERATION,
  FIND_EXPERIMENT_OPERATION,
  LAUNCH_GATE_OPERATION,
  LIST_EXPERIMENTS_OPERATION,
  PREVIEW_EDIT_OPERATION,
  REMOVE_EXPERIMENT_OPERATION,
} from "./experiment-operations.ts";

const PATH = "/v1/experiments";
const ONE = `${PATH}/:experiment_id`;

/** Experiments and all that can be done with them. */
export function experimentRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts), ...actionRoutes(parts)];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_EXPERIMENTS_OPERATION,
      handler: looking(readExperimentsQuery, async (query, asked) => {
        const { experiments } = await control().store.load(asked.environmentId);
        const found = experiments.filter((each) => isWantedExperiment(query, each));
        const page = pageOf(found, query);
        return listAnswer("experiments", page.items.map(presentExperimentSummary), page.next_cursor);
      }),
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_EXPERIMENT_OPERATION,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const standing = await control().experiments.standing({ ...questionOf(asked), experimentId });
        return answerOf(standing, experimentAnswer, asked.requestId);
      }),
    },
    {
      method: "GET",
      path: `${ONE}/launch-gate`,
      access,
      operation: LAUNCH_GATE_OPERATION,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const standing = await control().experiments.standing({ ...questionOf(asked), experimentId });
        const show = ({ findings }: { readonly findings: readonly LaunchFinding[] }): Answer =>
          jsonAnswer({
            open: findings.every(({ severity }) => severity === "warns"),
            findings: findings.map(presentFinding),
          });
        return answerOf(standing, show, asked.requestId);
      }),
    },
  ];
}

function changingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "manage", role: "experimenter" } as const;
  const edit = withId("experiment_id", (experimentId, asked) =>
    change(asked, parts, {
      version: "named",
      read: readExperimentEdit,
      run: (command, body) =>
        control().experiments.edit({ ...naming(command), experimentId, edit: experimentEditOf(body) }),
      answer: experimentAnswer,
    }),
  );
  return [
    {
      method: "POST",
      path: PATH,
      access,
      operation: CREATE_EXPERIMENT_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewExperiment,
          run: (command, body) => control().experiments.create({ ...command, fields: draftOf(body) }),
          answer: (result) => createdAnswer(experimentAnswer(result), `${PATH}/${result.experiment.id}`),
        }),
    },
    { method: "PATCH", path: ONE, access, operation: EDIT_EXPERIMENT_OPERATION, handler: edit },
    {
      method: "DELETE",
      path: ONE,
      access,
      operation: REMOVE_EXPERIMENT_OPERATION,
      handler: withId("experiment_id", (experimentId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().experiments.remove({ ...command, experimentId }),
          answer: () => GONE,
        }),
      ),
    },
    {
      method: "POST",
      path: `${ONE}/preview`,
      // It changes nothing, so that whoever reviews may ask as well; but it is too much work for everybody who may look.
      access: { kind: "scope", scope: "manage", role: "viewer" },
      operation: PREVIEW_EDIT_OPERATION,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const body = await readBodyOf(asked.request, readExperimentEdit);
        if (!body.ok) return problemAnswer(body.problem, asked.requestId);
        const question = { ...questionOf(asked), experimentId, edit: experimentEditOf(body.value) };
        const preview = await control().experiments.preview(question);
        return answerOf(preview, (found) => jsonAnswer(presentPreview(found)), asked.requestId);
      }),
    },
  ];
}

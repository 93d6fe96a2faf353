import {
  presentRamp,
  rampRequestSchema,
  rampSchema,
  controlProblemSchema,
  readPlainAction,
  readRamp,
  type Operation,
} from "@lotty/contracts";
import type { RampPlan } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { environmentOf } from "../control/asked-by.ts";
import { change, GONE, versionAnswer } from "../control/changing.ts";
import { ifMatchParameter, type VersionRule } from "../control/if-match.ts";
import { nothingThere, withId } from "../control/looking.ts";
import { experimentIdParameter } from "../experiments/experiment-operations.ts";

const PATH = "/v1/experiments/:experiment_id/ramp";

/** How the traffic of an experiment grows. */
export function rampRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "manage", role: "experimenter" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: describeRamp("findRamp", "Look up the ramp plan of an experiment"),
      handler: withId("experiment_id", async (experimentId, asked) => {
        const [plan] = await control().guardrails.reads.ramps(environmentOf(asked), experimentId);
        return plan === undefined ? nothingThere(asked.requestId) : rampAnswer(plan);
      }),
    },
    {
      method: "PUT",
      path: PATH,
      access,
      operation: {
        ...describeRamp("putRamp", "Give an experiment a ramp plan before it starts", "optional"),
        description:
          "The share of subjects becomes that of the first step, and approvals are void: reviewers approve all steps together. Each is " +
          "taken once the one before was held for its time and all guardrails are green.",
        request: rampRequestSchema,
      },
      handler: withId("experiment_id", (experimentId, asked) =>
        change(asked, parts, {
          version: "optional",
          read: readRamp,
          run: (command, { steps }) =>
            control().guardrails.ramps.put({
              ...command,
              experimentId,
              steps: steps.map((step) => ({ allocation: step.traffic_allocation, holdHours: step.hold_hours })),
            }),
          answer: rampAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: PATH,
      access,
      operation: {
        ...describeRamp("removeRamp", "Take a ramp plan away; the share of subjects stays", "any"),
        answers: { 204: { description: "It is gone." } },
      },
      handler: withId("experiment_id", (experimentId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().guardrails.ramps.remove({ ...command, experimentId }),
          answer: () => GONE,
        }),
      ),
    },
    holdRoute("hold", parts),
    holdRoute("release", parts),
  ];
}

function holdRoute(action: "hold" | "release", parts: ControlParts): Route {
  const summary = action === "hold" ? "Take no further step for the time being" : "Let a ramp plan go on";
  return {
    method: "POST",
    path: `${PATH}/${action}`,
    // Whoever may pause an experiment may hold its traffic; the control plane knows who.
    access: { kind: "scope", scope: "manage", role: "viewer" },
    operation: {
      ...describeRamp(`${action}Ramp`, summary, "optional"),
      description: "For admins, experimenters and approvers.",
    },
    handler: withId("experiment_id", (experimentId, asked) =>
      change(asked, parts, {
        version: "optional",
        read: readPlainAction,
        run: (command) => parts.control().guardrails.ramps[action]({ ...command, experimentId }),
        answer: rampAnswer,
      }),
    ),
  };
}

function describeRamp(id: string, summary: string, version?: VersionRule): Operation {
  return {
    id,
    summary,
    tags: ["Guardrails"],
    parameters: [experimentIdParameter, ...(version === undefined ? [] : [ifMatchParameter(version)])],
    answers: { 200: { description: "The plan.", schema: rampSchema, headers: { ETag: "Its version." } } },
    problem: controlProblemSchema,
  };
}

function rampAnswer(plan: RampPlan): Answer {
  return versionAnswer(presentRamp(plan));
}

import { planFieldsOf, presentPlan, readPlan } from "@lotty/contracts/analysis";
import type { DescribedPlan } from "@lotty/control-plane";
import type { Answer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { questionOf } from "../control/asked-by.ts";
import { answerOf, change, versionAnswer } from "../control/changing.ts";
import { withId } from "../control/looking.ts";
import { FIND_PLAN_OPERATION, PUT_PLAN_OPERATION } from "./plan-operations.ts";

const PATH = "/v1/experiments/:experiment_id/plan";

/** What experiments will be judged by. */
export function planRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: FIND_PLAN_OPERATION,
      handler: withId("experiment_id", async (experimentId, asked) =>
        answerOf(await control().plans.find({ ...questionOf(asked), experimentId }), planAnswer, asked.requestId),
      ),
    },
    {
      method: "PUT",
      path: PATH,
      access: { kind: "scope", scope: "manage", role: "experimenter" },
      operation: PUT_PLAN_OPERATION,
      handler: withId("experiment_id", (experimentId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlan,
          run: (command, body) => control().plans.put({ ...command, experimentId, fields: planFieldsOf(body) }),
          answer: planAnswer,
        }),
      ),
    },
  ];
}

function planAnswer(described: DescribedPlan): Answer {
  return versionAnswer(presentPlan(described));
}

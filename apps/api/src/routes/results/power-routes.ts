import { type Operation } from "@lotty/contracts";
import { plannerQuestionOf, powerRequestSchema, powerSchema, presentPower, readPower } from "@lotty/contracts/analysis";
import { jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { Route } from "../../routing/route.ts";
import { environmentOf } from "../control/asked-by.ts";
import { readBodyOf } from "../control/read-body-of.ts";
import type { ResultsParts } from "./results-parts.ts";

const POWER_OPERATION: Operation = {
  id: "planPower",
  summary: "How many subjects, how long, which effect",
  description:
    "Plans the size of an experiment. Mean and deviation are taken from the metric's recorded past, the traffic from what was decided for an experiment's flag, unless they are given; `sources` says what was taken from where.",
  tags: ["Results"],
  request: powerRequestSchema,
  answers: { 200: { description: "The size.", schema: powerSchema } },
};

/** Plans before experiments. */
export function powerRoutes({ results }: ResultsParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/v1/power",
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: POWER_OPERATION,
      handler: async (asked) => {
        const body = await readBodyOf(asked.request, readPower);
        if (!body.ok) return problemAnswer(body.problem, asked.requestId);
        const answer = await results().planner.plan(plannerQuestionOf(body.value, environmentOf(asked)));
        if (answer.status === "ok") return jsonAnswer(presentPower(answer));
        return problemAnswer({ code: "invalid_request", detail: answer.message }, asked.requestId);
      },
    },
  ];
}

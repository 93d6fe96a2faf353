import { controlProblemSchema, type Operation } from "@lotty/contracts";
import { planRequestSchema, planSchema } from "@lotty/contracts/analysis";
import { ifMatchParameter } from "../control/if-match.ts";
import { experimentIdParameter } from "../experiments/experiment-operations.ts";

const tags = ["Results"];
const headers = { ETag: "Its version." };

/** What the description of the API says about `GET /v1/experiments/{experiment_id}/plan`. */
export const FIND_PLAN_OPERATION: Operation = {
  id: "findAnalysisPlan",
  summary: "Look an experiment's analysis plan up",
  description: "With what was changed of it after the start, and the hash of what it says.",
  tags,
  parameters: [experimentIdParameter],
  answers: { 200: { description: "The plan.", schema: planSchema, headers } },
  problem: controlProblemSchema,
};

/** What the description of the API says about `PUT /v1/experiments/{experiment_id}/plan`. */
export const PUT_PLAN_OPERATION: Operation = {
  id: "putAnalysisPlan",
  summary: "Make an analysis plan, or replace it",
  description:
    "The plan as a whole; what is not said has a default. The experiment's start freezes it with the versions of its metrics; what is changed later is kept as a deviation.",
  tags,
  parameters: [experimentIdParameter, ifMatchParameter("any")],
  request: planRequestSchema,
  answers: { 200: { description: "The plan as it is now.", schema: planSchema, headers } },
  problem: controlProblemSchema,
};

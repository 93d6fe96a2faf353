import {
  controlProblemSchema,
  evaluationRoundSchema,
  firingSchema,
  firingsSchema,
  guardrailEditSchema,
  guardrailSchema,
  guardrailsSchema,
  idSchema,
  incidentSchema,
  newGuardrailSchema,
  type Operation,
  type OperationParameter,
  rehearsalRequestSchema,
  rehearsalSchema,
  undoSchema,
} from "@lotty/contracts";
import { ifMatchParameter } from "../control/if-match.ts";
import { experimentIdParameter } from "../experiments/experiment-operations.ts";

const tags = ["Guardrails"];
const problem = controlProblemSchema;

const guardrailId: OperationParameter = {
  name: "guardrail_id",
  in: "path",
  description: "Id of the guardrail.",
  required: true,
  schema: idSchema,
};

const firingId: OperationParameter = {
  name: "firing_id",
  in: "path",
  description: "Id of the firing.",
  required: true,
  schema: idSchema,
};

/** What the description of the API says about guardrails and their firings. */
export const GUARDRAIL_OPERATIONS: Readonly<
  Record<
    "list" | "create" | "edit" | "remove" | "evaluate" | "listFirings" | "findFiring" | "undo" | "rehearse",
    Operation
  >
> = {
  list: {
    id: "listGuardrails",
    summary: "List the guardrails of an experiment, with what they saw last",
    tags,
    parameters: [experimentIdParameter],
    answers: { 200: { description: "All of them.", schema: guardrailsSchema } },
  },
  create: {
    id: "createGuardrail",
    summary: "Watch a metric while an experiment runs",
    description: "In the metric's current version. Takes effect at once, also on an experiment that runs.",
    tags,
    parameters: [experimentIdParameter],
    request: newGuardrailSchema,
    answers: { 201: { description: "The guardrail.", schema: guardrailSchema, headers: { ETag: "Its version." } } },
    problem,
  },
  edit: {
    id: "editGuardrail",
    summary: "Change the rule of a guardrail",
    tags,
    parameters: [experimentIdParameter, guardrailId, ifMatchParameter("named")],
    request: guardrailEditSchema,
    answers: {
      200: {
        description: "The guardrail as it is now.",
        schema: guardrailSchema,
        headers: { ETag: "Its new version." },
      },
    },
    problem,
  },
  remove: {
    id: "removeGuardrail",
    summary: "Stop watching a metric",
    description: "What it has fired stays on record.",
    tags,
    parameters: [experimentIdParameter, guardrailId, ifMatchParameter("any")],
    answers: { 204: { description: "It is gone." } },
    problem,
  },
  evaluate: {
    id: "evaluateGuardrails",
    summary: "Look at the guardrails of an experiment now",
    description: "And act where one fires, as the background job does. Only of an experiment that is running.",
    tags,
    parameters: [experimentIdParameter],
    answers: { 200: { description: "What they saw.", schema: evaluationRoundSchema } },
    problem,
  },
  listFirings: {
    id: "listFirings",
    summary: "List the latest firings of an experiment's guardrails",
    tags,
    parameters: [experimentIdParameter],
    answers: { 200: { description: "Newest first, at most 100.", schema: firingsSchema } },
  },
  findFiring: {
    id: "findFiring",
    summary: "Look into a firing",
    description: "The numbers that it saw, what became of it, and whom the experiment had reached.",
    tags,
    parameters: [experimentIdParameter, firingId],
    answers: { 200: { description: "The firing.", schema: incidentSchema } },
  },
  undo: {
    id: "undoFiring",
    summary: "Take a firing back",
    description: "What it stopped goes on. The guardrail judges subjects who are first exposed from then on.",
    tags,
    parameters: [experimentIdParameter, firingId],
    request: undoSchema,
    answers: { 200: { description: "The firing with what became of it.", schema: firingSchema } },
    problem,
  },
  rehearse: {
    id: "rehearseGuardrail",
    summary: "How a guardrail would behave",
    description:
      "How often it fires for nothing, and how soon it catches a true harm, played on recorded subjects or on a mean and a variance. Changes nothing.",
    tags,
    request: rehearsalRequestSchema,
    answers: { 200: { description: "What came of it.", schema: rehearsalSchema } },
    problem,
  },
};

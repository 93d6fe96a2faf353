import {
  controlProblemSchema,
  experimentEditSchema,
  experimentSchema,
  experimentsSchema,
  idSchema,
  launchGateSchema,
  textSchema,
  newExperimentSchema,
  type Operation,
  type OperationParameter,
  previewSchema,
  recordIdSchema,
  statusQuerySchema,
} from "@lotty/contracts";
import { ifMatchParameter } from "../control/if-match.ts";
import { PAGE_PARAMETERS } from "../control/page-parameters.ts";

const tags = ["Experiments"];
const problem = controlProblemSchema;

/** The id of an experiment in a path. */
export const experimentIdParameter: OperationParameter = {
  name: "experiment_id",
  in: "path",
  description: "Id of the experiment.",
  required: true,
  schema: idSchema,
};

/** What the description of the API says about `GET /v1/experiments`. */
export const LIST_EXPERIMENTS_OPERATION: Operation = {
  id: "listExperiments",
  summary: "List experiments",
  description: "In the order of their ids, which is that of their making for those made here.",
  tags,
  parameters: [
    { name: "key", in: "query", description: "Only the one that is called so.", schema: textSchema },
    { name: "status", in: "query", description: "Only those in this status.", schema: statusQuerySchema },
    { name: "flag_id", in: "query", description: "Only those of this flag.", schema: recordIdSchema },
    ...PAGE_PARAMETERS,
  ],
  answers: { 200: { description: "A page of experiments.", schema: experimentsSchema } },
};

/** What the description of the API says about `POST /v1/experiments`. */
export const CREATE_EXPERIMENT_OPERATION: Operation = {
  id: "createExperiment",
  summary: "Make a draft",
  tags,
  request: newExperimentSchema,
  answers: { 201: { description: "The draft.", schema: experimentSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/experiments/{experiment_id}`. */
export const FIND_EXPERIMENT_OPERATION: Operation = {
  id: "findExperiment",
  summary: "Look up an experiment",
  tags,
  parameters: [experimentIdParameter],
  answers: {
    200: {
      description: "The experiment, and what may be done with it.",
      schema: experimentSchema,
      headers: { ETag: "Its version." },
    },
  },
  problem,
};

/** What the description of the API says about `PATCH /v1/experiments/{experiment_id}`. */
export const EDIT_EXPERIMENT_OPERATION: Operation = {
  id: "editExperiment",
  summary: "Edit an experiment",
  description:
    "Before the start, approvals of what is changed are void. What would move subjects of an active experiment becomes a " +
    "proposal, which is reviewed and put into force by `apply-edit`.",
  tags,
  parameters: [experimentIdParameter, ifMatchParameter("named")],
  request: experimentEditSchema,
  answers: {
    200: {
      description: "The experiment as it is now.",
      schema: experimentSchema,
      headers: { ETag: "Its new version." },
    },
  },
  problem,
};

/** What the description of the API says about `DELETE /v1/experiments/{experiment_id}`. */
export const REMOVE_EXPERIMENT_OPERATION: Operation = {
  id: "removeExperiment",
  summary: "Remove an experiment that never ran",
  tags,
  parameters: [experimentIdParameter, ifMatchParameter("any")],
  answers: { 204: { description: "It is gone." } },
  problem,
};

/** What the description of the API says about `POST /v1/experiments/{experiment_id}/preview`. */
export const PREVIEW_EDIT_OPERATION: Operation = {
  id: "previewEdit",
  summary: "Who would move if an experiment were edited",
  description: "Over the recorded subjects of the last days whose attributes are on record. Changes nothing.",
  tags,
  parameters: [experimentIdParameter],
  request: experimentEditSchema,
  answers: { 200: { description: "Old outcome to new outcome, with samples.", schema: previewSchema } },
  problem,
};

/** What the description of the API says about `GET /v1/experiments/{experiment_id}/launch-gate`. */
export const LAUNCH_GATE_OPERATION: Operation = {
  id: "launchGate",
  summary: "What speaks against the next step of an experiment",
  tags,
  parameters: [experimentIdParameter],
  answers: { 200: { description: "What blocks and what warns.", schema: launchGateSchema } },
  problem,
};

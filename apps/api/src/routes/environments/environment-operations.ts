import {
  controlProblemSchema,
  environmentAnswerSchema,
  environmentsSchema,
  idSchema,
  newEnvironmentSchema,
  type Operation,
  type OperationParameter,
} from "@lotty/contracts";

const tags = ["Environments"];
const problem = controlProblemSchema;

const parameters: readonly OperationParameter[] = [
  { name: "environment_id", in: "path", description: "Id of the environment.", required: true, schema: idSchema },
];

/** What the description of the API says about `GET /v1/environments`. */
export const LIST_ENVIRONMENTS_OPERATION: Operation = {
  id: "listEnvironments",
  summary: "List environments",
  tags,
  answers: {
    200: {
      description: "All environments, archived ones included, in the order of their keys.",
      schema: environmentsSchema,
    },
  },
};

/** What the description of the API says about `POST /v1/environments`. */
export const CREATE_ENVIRONMENT_OPERATION: Operation = {
  id: "createEnvironment",
  summary: "Make an environment",
  description: "Every flag exists in it from the start, switched off. Its key is for ever: callers name it by that.",
  tags,
  request: newEnvironmentSchema,
  answers: {
    201: { description: "The environment.", schema: environmentAnswerSchema, headers: { Location: "Its path." } },
  },
  problem,
};

/** What the description of the API says about `GET /v1/environments/{environment_id}`. */
export const FIND_ENVIRONMENT_OPERATION: Operation = {
  id: "findEnvironment",
  summary: "Look up an environment",
  tags,
  parameters,
  answers: { 200: { description: "The environment.", schema: environmentAnswerSchema } },
};

/** What the description of the API says about `POST /v1/environments/{environment_id}/archive`. */
export const ARCHIVE_ENVIRONMENT_OPERATION: Operation = {
  id: "archiveEnvironment",
  summary: "Put an environment away",
  description: "Nothing is decided in it any more, in any process within a second. What it was stays on record.",
  tags,
  parameters,
  answers: { 200: { description: "The environment as it is now.", schema: environmentAnswerSchema } },
  problem,
};

/** What the description of the API says about `POST /v1/environments/{environment_id}/unarchive`. */
export const UNARCHIVE_ENVIRONMENT_OPERATION: Operation = {
  id: "unarchiveEnvironment",
  summary: "Take an environment out of the archive",
  tags,
  parameters,
  answers: { 200: { description: "The environment as it is now.", schema: environmentAnswerSchema } },
  problem,
};

/** What the description of the API says about `DELETE /v1/environments/{environment_id}`. */
export const REMOVE_ENVIRONMENT_OPERATION: Operation = {
  id: "removeEnvironment",
  summary: "Remove an archived environment",
  description: "Refused when decisions were taken in it, or while keys are bound to it that are not revoked.",
  tags,
  parameters,
  answers: { 204: { description: "It is gone." } },
  problem,
};

import {
  approverGroupSchema,
  approverGroupsSchema,
  controlProblemSchema,
  idSchema,
  newApproverGroupSchema,
  type Operation,
  reviewsSchema,
} from "@lotty/contracts";
import { experimentIdParameter } from "../experiments/experiment-operations.ts";

const tags = ["Reviews"];
const problem = controlProblemSchema;

const parameters = [
  { name: "group_id", in: "path", description: "Id of the group.", required: true, schema: idSchema },
] as const;

/** What the description of the API says about `GET /v1/experiments/{experiment_id}/reviews`. */
export const REVIEWS_OPERATION: Operation = {
  id: "listReviews",
  summary: "Reviews of an experiment, which approvals are missing, and its launch certificate",
  tags,
  parameters: [experimentIdParameter],
  answers: { 200: { description: "All reviews, oldest first.", schema: reviewsSchema } },
  problem,
};

/** What the description of the API says about `GET /v1/approver-groups`. */
export const LIST_GROUPS_OPERATION: Operation = {
  id: "listApproverGroups",
  summary: "List approver groups",
  tags,
  answers: { 200: { description: "All groups, by name.", schema: approverGroupsSchema } },
};

/** What the description of the API says about `POST /v1/approver-groups`. */
export const CREATE_GROUP_OPERATION: Operation = {
  id: "createApproverGroup",
  summary: "Make an approver group",
  tags,
  request: newApproverGroupSchema,
  answers: { 201: { description: "The group.", schema: approverGroupSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/approver-groups/{group_id}`. */
export const FIND_GROUP_OPERATION: Operation = {
  id: "findApproverGroup",
  summary: "Look up an approver group",
  tags,
  parameters,
  answers: { 200: { description: "The group.", schema: approverGroupSchema } },
};

/** What the description of the API says about `PUT /v1/approver-groups/{group_id}`. */
export const REPLACE_GROUP_OPERATION: Operation = {
  id: "replaceApproverGroup",
  summary: "Change an approver group",
  description: "Reviews count by the groups as they are, also those that were given before.",
  tags,
  parameters,
  request: newApproverGroupSchema,
  answers: { 200: { description: "The group as it is now.", schema: approverGroupSchema } },
  problem,
};

/** What the description of the API says about `DELETE /v1/approver-groups/{group_id}`. */
export const REMOVE_GROUP_OPERATION: Operation = {
  id: "removeApproverGroup",
  summary: "Remove an approver group",
  tags,
  parameters,
  answers: { 204: { description: "It is gone." } },
  problem,
};

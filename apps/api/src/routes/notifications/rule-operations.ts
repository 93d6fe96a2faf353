import { controlProblemSchema, idSchema, type Operation, type OperationParameter } from "@lotty/contracts";
import {
  deliveriesSchema,
  deliverySchema,
  deliveryStatusQuerySchema,
  newNotificationRuleSchema,
  notificationRuleEditSchema,
  notificationRuleSchema,
  notificationRulesSchema,
} from "@lotty/contracts/notifications";
import { ifMatchParameter } from "../control/if-match.ts";
import { PAGE_PARAMETERS } from "../control/page-parameters.ts";

const tags = ["Notifications"];
const problem = controlProblemSchema;

const ruleId: OperationParameter = {
  name: "rule_id",
  in: "path",
  description: "Id of the rule.",
  required: true,
  schema: idSchema,
};

const deliveryId: OperationParameter = {
  name: "delivery_id",
  in: "path",
  description: "Id of the delivery.",
  required: true,
  schema: idSchema,
};

/** What the description of the API says about `GET /v1/notification-rules`. */
export const LIST_RULES_OPERATION: Operation = {
  id: "listNotificationRules",
  summary: "List rules of notifications",
  tags,
  answers: { 200: { description: "All rules, by name.", schema: notificationRulesSchema } },
};

/** What the description of the API says about `POST /v1/notification-rules`. */
export const CREATE_RULE_OPERATION: Operation = {
  id: "createNotificationRule",
  summary: "Make a rule: what is told to which webhooks, how often",
  tags,
  request: newNotificationRuleSchema,
  answers: { 201: { description: "The rule.", schema: notificationRuleSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/notification-rules/{rule_id}`. */
export const FIND_RULE_OPERATION: Operation = {
  id: "findNotificationRule",
  summary: "Look up a rule of notifications",
  tags,
  parameters: [ruleId],
  answers: { 200: { description: "The rule.", schema: notificationRuleSchema, headers: { ETag: "Its version." } } },
};

/** What the description of the API says about `PATCH /v1/notification-rules/{rule_id}`. */
export const EDIT_RULE_OPERATION: Operation = {
  id: "editNotificationRule",
  summary: "Change a rule of notifications",
  tags,
  parameters: [ruleId, ifMatchParameter("named")],
  request: notificationRuleEditSchema,
  answers: {
    200: {
      description: "The rule as it is now.",
      schema: notificationRuleSchema,
      headers: { ETag: "Its new version." },
    },
  },
  problem,
};

/** What the description of the API says about `DELETE /v1/notification-rules/{rule_id}`. */
export const REMOVE_RULE_OPERATION: Operation = {
  id: "removeNotificationRule",
  summary: "Remove a rule of notifications",
  tags,
  parameters: [ruleId, ifMatchParameter("any")],
  answers: { 204: { description: "It is gone." } },
  problem,
};

/** What the description of the API says about `GET /v1/deliveries`. */
export const LIST_DELIVERIES_OPERATION: Operation = {
  id: "listDeliveries",
  summary: "List deliveries to webhooks, newest first",
  tags,
  parameters: [
    { name: "webhook_id", in: "query", description: "Only those to this webhook.", schema: idSchema },
    { name: "status", in: "query", description: "Only those in this status.", schema: deliveryStatusQuerySchema },
    ...PAGE_PARAMETERS,
  ],
  answers: { 200: { description: "A page of deliveries.", schema: deliveriesSchema } },
};

/** What the description of the API says about `GET /v1/deliveries/{delivery_id}`. */
export const FIND_DELIVERY_OPERATION: Operation = {
  id: "findDelivery",
  summary: "Look up a delivery with its attempts",
  tags,
  parameters: [deliveryId],
  answers: { 200: { description: "The delivery.", schema: deliverySchema } },
};

/** What the description of the API says about `POST /v1/deliveries/{delivery_id}/replay`. */
export const REPLAY_DELIVERY_OPERATION: Operation = {
  id: "replayDelivery",
  summary: "Send a message again",
  description: "A new delivery with the same `webhook-id`, by which receivers know what they have had.",
  tags,
  parameters: [deliveryId],
  answers: { 202: { description: "The new delivery.", schema: deliverySchema, headers: { Location: "Its path." } } },
  problem,
};

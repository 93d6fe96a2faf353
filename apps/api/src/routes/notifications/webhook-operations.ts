import { controlProblemSchema, idSchema, type Operation, type OperationParameter } from "@lotty/contracts";
import {
  deliverySchema,
  newWebhookSchema,
  webhookEditSchema,
  webhookSchema,
  webhooksSchema,
  webhookWithSecretSchema,
} from "@lotty/contracts/notifications";
import { ifMatchParameter } from "../control/if-match.ts";

const tags = ["Notifications"];
const problem = controlProblemSchema;

const webhookId: OperationParameter = {
  name: "webhook_id",
  in: "path",
  description: "Id of the webhook.",
  required: true,
  schema: idSchema,
};

const withSecret = "The webhook, for the only time with its signing secret.";

/** What the description of the API says about `GET /v1/webhooks`. */
export const LIST_WEBHOOKS_OPERATION: Operation = {
  id: "listWebhooks",
  summary: "List webhooks",
  tags,
  answers: { 200: { description: "All webhooks, by name.", schema: webhooksSchema } },
};

/** What the description of the API says about `POST /v1/webhooks`. */
export const CREATE_WEBHOOK_OPERATION: Operation = {
  id: "createWebhook",
  summary: "Make a webhook",
  description: "Nothing is sent to it before a rule names it, or a test is asked for.",
  tags,
  request: newWebhookSchema,
  answers: { 201: { description: withSecret, schema: webhookWithSecretSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/webhooks/{webhook_id}`. */
export const FIND_WEBHOOK_OPERATION: Operation = {
  id: "findWebhook",
  summary: "Look up a webhook",
  tags,
  parameters: [webhookId],
  answers: { 200: { description: "The webhook.", schema: webhookSchema, headers: { ETag: "Its version." } } },
};

/** What the description of the API says about `PATCH /v1/webhooks/{webhook_id}`. */
export const EDIT_WEBHOOK_OPERATION: Operation = {
  id: "editWebhook",
  summary: "Change a webhook, or switch it off or on",
  description: "Messages that wait while it is off are sent once it is on again; what is announced meanwhile is not.",
  tags,
  parameters: [webhookId, ifMatchParameter("any")],
  request: webhookEditSchema,
  answers: {
    200: { description: "The webhook as it is now.", schema: webhookSchema, headers: { ETag: "Its new version." } },
  },
  problem,
};

/** What the description of the API says about `DELETE /v1/webhooks/{webhook_id}`. */
export const REMOVE_WEBHOOK_OPERATION: Operation = {
  id: "removeWebhook",
  summary: "Remove a webhook that no rule names, with its deliveries",
  tags,
  parameters: [webhookId, ifMatchParameter("any")],
  answers: { 204: { description: "It is gone." } },
  problem,
};

/** What the description of the API says about `POST /v1/webhooks/{webhook_id}/rotate-secret`. */
export const ROTATE_SECRET_OPERATION: Operation = {
  id: "rotateWebhookSecret",
  summary: "Make a new signing secret",
  description: "For a day, messages have two signatures: one by the new secret and one by the old.",
  tags,
  parameters: [webhookId, ifMatchParameter("any")],
  answers: { 200: { description: withSecret, schema: webhookWithSecretSchema, headers: { ETag: "Its new version." } } },
  problem,
};

/** What the description of the API says about `POST /v1/webhooks/{webhook_id}/test`. */
export const TEST_WEBHOOK_OPERATION: Operation = {
  id: "testWebhook",
  summary: "Send a webhook a test",
  description: "The delivery tells a moment later what became of it.",
  tags,
  parameters: [webhookId],
  answers: { 202: { description: "The delivery.", schema: deliverySchema, headers: { Location: "Its path." } } },
  problem,
};

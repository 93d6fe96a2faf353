import { readPlainAction } from "@lotty/contracts";
import { presentDelivery, presentWebhook, readNewWebhook, readWebhookEdit } from "@lotty/contracts/notifications";
import type { Delivery, Webhook } from "@lotty/domain";
import type { WebhookWithSecret } from "@lotty/notifications";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change, createdAnswer, GONE, versionAnswer } from "../control/changing.ts";
import { versionTag } from "../control/if-match.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import {
  CREATE_WEBHOOK_OPERATION,
  EDIT_WEBHOOK_OPERATION,
  FIND_WEBHOOK_OPERATION,
  LIST_WEBHOOKS_OPERATION,
  REMOVE_WEBHOOK_OPERATION,
  ROTATE_SECRET_OPERATION,
  TEST_WEBHOOK_OPERATION,
} from "./webhook-operations.ts";

const PATH = "/v1/webhooks";
const ONE = `${PATH}/:webhook_id`;

/** Where people are told what happens. */
export function webhookRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts), ...actionRoutes(parts)];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_WEBHOOKS_OPERATION,
      handler: async (asked) => {
        const webhooks = await control().notifications.reads.webhooks(asked.environmentId);
        return listAnswer("webhooks", webhooks.map(presentWebhook));
      },
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_WEBHOOK_OPERATION,
      handler: withId("webhook_id", async (webhookId, asked) => {
        const webhooks = await control().notifications.reads.webhooks(asked.environmentId);
        const webhook = webhooks.find(({ id }) => id === webhookId);
        return webhook === undefined ? nothingThere(asked.requestId) : webhookAnswer(webhook);
      }),
    },
  ];
}

const MANAGE = { kind: "scope", scope: "manage", role: "admin" } as const;

function changingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "POST",
      path: PATH,
      access: MANAGE,
      operation: CREATE_WEBHOOK_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewWebhook,
          run: (command, fields) => control().notifications.webhooks.create({ ...command, fields }),
          answer: (made) => createdAnswer(secretAnswer(made), `${PATH}/${made.webhook.id}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access: MANAGE,
      operation: EDIT_WEBHOOK_OPERATION,
      handler: withId("webhook_id", (webhookId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readWebhookEdit,
          run: (command, edit) => control().notifications.webhooks.edit({ ...command, webhookId, edit }),
          answer: webhookAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access: MANAGE,
      operation: REMOVE_WEBHOOK_OPERATION,
      handler: withId("webhook_id", (webhookId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().notifications.webhooks.remove({ ...command, webhookId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

function actionRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "POST",
      path: `${ONE}/rotate-secret`,
      access: MANAGE,
      operation: ROTATE_SECRET_OPERATION,
      handler: withId("webhook_id", (webhookId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().notifications.webhooks.rotateSecret({ ...command, webhookId }),
          answer: secretAnswer,
        }),
      ),
    },
    {
      method: "POST",
      path: `${ONE}/test`,
      access: MANAGE,
      operation: TEST_WEBHOOK_OPERATION,
      idempotent: true,
      handler: withId("webhook_id", (webhookId, asked) =>
        change(asked, parts, {
          read: readPlainAction,
          run: (command) => control().notifications.webhooks.test({ ...command, webhookId }),
          answer: queuedAnswer,
        }),
      ),
    },
  ];
}

function webhookAnswer(webhook: Webhook): Answer {
  return versionAnswer(presentWebhook(webhook));
}

/** A secret is shown once: the answer that is kept for repetitions has none. */
function secretAnswer({ secret, webhook }: WebhookWithSecret): Answer {
  const shown = presentWebhook(webhook);
  return {
    ...jsonAnswer({ ...shown, secret }),
    headers: { etag: versionTag(webhook.version) },
    repetition: JSON.stringify({ ...shown, secret: null }),
  };
}

/** The answer that a delivery will be made, and where it is seen. */
export function queuedAnswer(delivery: Delivery): Answer {
  const location = `/v1/deliveries/${delivery.id}`;
  return { ...jsonAnswer(presentDelivery(delivery)), status: 202, headers: { location } };
}

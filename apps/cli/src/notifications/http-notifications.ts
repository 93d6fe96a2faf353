import { MAX_PAGE_SIZE } from "@lotty/contracts";
import {
  deliveriesSchema,
  deliverySchema,
  type DeliveryResponse,
  type NotificationRuleResponse,
  notificationRuleSchema,
  notificationRulesSchema,
  type WebhookResponse,
  webhookSchema,
  webhooksSchema,
  webhookWithSecretSchema,
} from "@lotty/contracts/notifications";
import { z } from "zod";
import { allOf, queryOf } from "../control/api-pages.ts";
import { among } from "../control/named.ts";
import type { ApiClient } from "../sources/api-client.ts";

/** A webhook with its signing secret, which is shown this once. */
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;

/** Which deliveries are asked for, as the API's query names it. */
export type DeliveryQuestion = Readonly<Partial<Record<"webhook_id" | "status", string>>>;

/** Webhooks of a running API. As for all of these, methods throw `ControlRefused` and LottyError; any version will do where none is named. */
export interface WebhookSource {
  list(): Promise<readonly WebhookResponse[]>;
  create(body: object): Promise<WebhookWithSecret>;
  edit(id: string, body: object, version?: number): Promise<WebhookResponse>;
  rotate(id: string, version?: number): Promise<WebhookWithSecret>;
  remove(id: string, version?: number): Promise<void>;
  /** Has a message sent to it, and tells which. */
  test(id: string): Promise<DeliveryResponse>;
}

/** Rules of notifications of a running API; as {@link WebhookSource}. */
export interface NotificationRuleSource {
  list(): Promise<readonly NotificationRuleResponse[]>;
  create(body: object): Promise<NotificationRuleResponse>;
  edit(id: string, version: number, body: object): Promise<NotificationRuleResponse>;
  remove(id: string, version?: number): Promise<void>;
}

/** What became of messages of a running API; as {@link WebhookSource}. */
export interface DeliverySource {
  /** The newest, newest first. */
  list(question: DeliveryQuestion, limit: number): Promise<readonly DeliveryResponse[]>;
  find(id: string): Promise<DeliveryResponse>;
  /** Has it sent once more, as a delivery of its own. */
  replay(id: string): Promise<DeliveryResponse>;
}

/** The answer to a removal: there is none. */
const GONE = z.undefined();

/** Makes the source of an API's webhooks. */
export function httpWebhooks(client: ApiClient): WebhookSource {
  const path = "v1/webhooks";
  const one = (id: string): string => `${path}/${id}`;
  return {
    list: async () => (await client.ask({ method: "GET", path, schema: webhooksSchema })).webhooks,
    create: (body) => client.ask({ method: "POST", path, body, schema: webhookWithSecretSchema }),
    edit: (id, body, version) =>
      client.ask({ method: "PATCH", path: one(id), ifVersion: version ?? "*", body, schema: webhookSchema }),
    rotate: (id, version) => {
      const request = { path: `${one(id)}/rotate-secret`, ifVersion: version ?? "*" } as const;
      return client.ask({ method: "POST", ...request, schema: webhookWithSecretSchema });
    },
    remove: (id, version) => client.ask({ method: "DELETE", path: one(id), ifVersion: version ?? "*", schema: GONE }),
    test: (id) => client.ask({ method: "POST", path: `${one(id)}/test`, schema: deliverySchema }),
  };
}

/** Makes the source of an API's rules of notifications. */
export function httpNotificationRules(client: ApiClient): NotificationRuleSource {
  const [path, schema] = ["v1/notification-rules", notificationRuleSchema] as const;
  return {
    list: async () => (await client.ask({ method: "GET", path, schema: notificationRulesSchema })).rules,
    create: (body) => client.ask({ method: "POST", path, body, schema }),
    edit: (id, ifVersion, body) => client.ask({ method: "PATCH", path: `${path}/${id}`, ifVersion, body, schema }),
    remove: (id, version) =>
      client.ask({ method: "DELETE", path: `${path}/${id}`, ifVersion: version ?? "*", schema: GONE }),
  };
}

/** Makes the source of an API's deliveries. */
export function httpDeliveries(client: ApiClient): DeliverySource {
  const path = "v1/deliveries";
  return {
    list: (question, limit) =>
      allOf(async (cursor) => {
        const query = queryOf({ ...question, limit: Math.min(limit, MAX_PAGE_SIZE), cursor });
        const page = await client.ask({ method: "GET", path: `${path}${query}`, schema: deliveriesSchema });
        return { items: page.deliveries, next: page.next_cursor };
      }, limit),
    find: (id) => client.ask({ method: "GET", path: `${path}/${encodeURIComponent(id)}`, schema: deliverySchema }),
    replay: (id) =>
      client.ask({ method: "POST", path: `${path}/${encodeURIComponent(id)}/replay`, schema: deliverySchema }),
  };
}

/**
 * The webhook of a name or id.
 *
 * @throws LottyError `not_found`; what the source throws
 */
export async function webhookNamed(source: WebhookSource, name: string): Promise<WebhookResponse> {
  const all = await source.list();
  return among(
    "webhook",
    name,
    all.map((webhook) => ({ ...webhook, key: webhook.name })),
  );
}

/** The rule of a name or id; as {@link webhookNamed}. */
export async function notificationRuleNamed(
  source: NotificationRuleSource,
  name: string,
): Promise<NotificationRuleResponse> {
  const all = await source.list();
  return among(
    "notification-rule",
    name,
    all.map((rule) => ({ ...rule, key: rule.name })),
  );
}

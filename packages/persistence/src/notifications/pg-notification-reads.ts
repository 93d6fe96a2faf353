import type { Delivery, DeliveryQuestion, NotificationReads, NotificationRule, Webhook } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import {
  deliveryColumns,
  ruleColumns,
  toDelivery,
  toRule,
  toWebhook,
  webhookColumns,
  type DeliveryRow,
  type RuleRow,
  type WebhookRow,
} from "./notification-rows.ts";

/** Looks up notifications in Postgres or PGlite. */
export class PgNotificationReads implements NotificationReads {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  webhooks(environmentId: string): Promise<readonly Webhook[]> {
    return guarded(() => readWebhooks(this.#knex, environmentId));
  }

  notificationRules(environmentId: string): Promise<readonly NotificationRule[]> {
    return guarded(() => readRules(this.#knex, environmentId));
  }

  deliveries({ before, environmentId, limit, status, webhookId }: DeliveryQuestion): Promise<readonly Delivery[]> {
    return guarded(async () => {
      const wanted = this.#knex("deliveries").where({
        environment_id: environmentId,
        ...(webhookId !== undefined && { webhook_id: webhookId }),
        ...(status !== undefined && { status }),
      });
      const rows: DeliveryRow[] = await (before === undefined ? wanted : wanted.where("id", "<", before))
        .orderBy("id", "desc")
        .limit(limit)
        .select(...deliveryColumns(this.#knex));
      return rows.map(toDelivery);
    });
  }

  delivery(environmentId: string, deliveryId: string): Promise<Delivery | undefined> {
    return guarded(async () => {
      const rows: DeliveryRow[] = await this.#knex("deliveries")
        .where({ environment_id: environmentId, id: deliveryId })
        .select(...deliveryColumns(this.#knex));
      return rows.map(toDelivery)[0];
    });
  }
}

/** All webhooks of an environment, in the order of their names. */
export async function readWebhooks(knex: Knex, environmentId: string): Promise<readonly Webhook[]> {
  const rows: WebhookRow[] = await knex("webhooks")
    .where({ environment_id: environmentId })
    .orderBy("webhooks.name")
    .select(...webhookColumns(knex));
  return rows.map(toWebhook);
}

/** All rules of an environment, in the order of their names. */
export async function readRules(knex: Knex, environmentId: string): Promise<readonly NotificationRule[]> {
  const rows: RuleRow[] = await knex("notification_rules")
    .where({ environment_id: environmentId })
    .orderBy("notification_rules.name")
    .select(...ruleColumns(knex));
  return rows.map(toRule);
}

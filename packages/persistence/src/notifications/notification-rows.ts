import type { AnnouncementKind, Delivery, DeliveryAttempt, Instant, NotificationRule, Webhook } from "@lotty/domain";
import type { Knex } from "knex";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";

/** A row of `webhooks` as it is read. */
export interface WebhookRow {
  readonly id: string;
  readonly name: string;
  readonly format: Webhook["format"];
  readonly shown_url: string;
  readonly sealed_secret: string;
  readonly previous_secret_until: Instant | null;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly version: number;
  readonly updated_at: Instant;
}

/** The columns of a {@link WebhookRow}. */
export function webhookColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const plain = ["id", "format", "sealed_secret", "disabled", "disabled_reason", "version"];
  return [
    ...plain,
    ...["name", "shown_url"].map((column) => knex.raw(exactText(column))),
    knex.raw(`${microsOf("previous_secret_until")} AS previous_secret_until`),
    knex.raw(`${microsOf("updated_at")} AS updated_at`),
  ];
}

/** Builds a webhook from its row. */
export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    shownUrl: row.shown_url,
    sealedSecret: row.sealed_secret,
    previousSecretUntil: row.previous_secret_until,
    disabled: row.disabled,
    disabledReason: row.disabled_reason,
    version: row.version,
    updatedAt: row.updated_at,
  };
}

/** A row of `notification_rules` as it is read. */
export interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly kinds: readonly AnnouncementKind[];
  readonly experiment_ids: readonly string[];
  readonly tags: readonly string[];
  readonly webhook_ids: readonly string[];
  readonly digest_minutes: number;
  readonly max_per_hour: number | null;
  readonly version: number;
  readonly updated_at: Instant;
}

/** The columns of a {@link RuleRow}. */
export function ruleColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const texts = ["kinds", "experiment_ids", "tags", "webhook_ids"];
  const updatedAt = knex.raw(`${microsOf("updated_at")} AS updated_at`);
  return [
    "id",
    "enabled",
    ...texts,
    "digest_minutes",
    "max_per_hour",
    "version",
    knex.raw(exactText("name")),
    updatedAt,
  ];
}

/** Builds a rule from its row. */
export function toRule(row: RuleRow): NotificationRule {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    kinds: row.kinds,
    experimentIds: row.experiment_ids,
    tags: row.tags,
    webhookIds: row.webhook_ids,
    digestMinutes: row.digest_minutes,
    maxPerHour: row.max_per_hour,
    version: row.version,
    updatedAt: row.updated_at,
  };
}

/** A row of `deliveries` as it is read. */
export interface DeliveryRow {
  readonly environment_id: string;
  readonly id: string;
  readonly message_id: string;
  readonly webhook_id: string;
  readonly rule_id: string | null;
  readonly replay_of: string | null;
  readonly status: Delivery["status"];
  readonly collecting: boolean;
  readonly created_at: Instant;
  readonly due_at: Instant;
  readonly attempts: readonly DeliveryAttempt[];
  readonly announcement_ids: readonly string[];
}

/** The columns of a {@link DeliveryRow}. */
export function deliveryColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const plain = ["environment_id", "id", "message_id", "webhook_id", "rule_id", "replay_of", "status", "collecting"];
  return [
    ...plain.map((column) => `deliveries.${column}`),
    "deliveries.attempts",
    knex.raw(`${microsOf("deliveries.created_at")} AS created_at`),
    knex.raw(`${microsOf("deliveries.due_at")} AS due_at`),
    knex.raw(`(
      SELECT coalesce(json_agg(told.announcement_id ORDER BY told.position), '[]') FROM delivery_announcements AS told
      WHERE told.environment_id = deliveries.environment_id AND told.delivery_id = deliveries.id
    ) AS announcement_ids`),
  ];
}

/** Builds a delivery from its row. */
export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    messageId: row.message_id,
    webhookId: row.webhook_id,
    ruleId: row.rule_id,
    replayOf: row.replay_of,
    status: row.status,
    announcementIds: row.announcement_ids,
    collecting: row.collecting,
    createdAt: row.created_at,
    dueAt: row.due_at,
    attempts: row.attempts,
  };
}

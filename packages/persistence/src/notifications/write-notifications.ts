import type { Delivery, NotificationChange, NotificationRule, Webhook } from "@lotty/domain";
import type { WriteScope } from "../configuration/write-scope.ts";
import { checkEncodable, instantOrNull, jsonOrNull } from "../control/written-values.ts";

type Place = Pick<WriteScope, "environmentId" | "knex">;

/** Writes what is told where from now on. */
export async function writeNotifications(scope: WriteScope, change: NotificationChange): Promise<void> {
  const { environmentId, knex } = scope;
  await removeFrom("webhooks", scope, change.removeWebhookIds ?? []);
  await removeFrom("notification_rules", scope, change.removeRuleIds ?? []);
  await putWebhooks(scope, change.putWebhooks ?? []);
  await putRules(scope, change.putRules ?? []);
  await putDeliveries({ environmentId, knex }, change.addDeliveries ?? []);
}

async function removeFrom(table: string, { environmentId, knex }: Place, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await knex(table).where({ environment_id: environmentId }).whereIn("id", ids).del();
}

async function putWebhooks({ environmentId, knex }: Place, webhooks: readonly Webhook[]): Promise<void> {
  if (webhooks.length === 0) return;
  checkEncodable(
    "webhooks",
    webhooks.flatMap(({ name, shownUrl }) => [name, shownUrl]),
  );
  const rows = webhooks.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    name: each.name,
    format: each.format,
    shown_url: each.shownUrl,
    sealed_secret: each.sealedSecret,
    previous_secret_until: instantOrNull(knex, each.previousSecretUntil),
    disabled: each.disabled,
    disabled_reason: jsonOrNull(each.disabledReason),
    version: each.version,
    updated_at: instantOrNull(knex, each.updatedAt),
  }));
  await knex("webhooks").insert(rows).onConflict(["environment_id", "id"]).merge();
}

async function putRules({ environmentId, knex }: Place, rules: readonly NotificationRule[]): Promise<void> {
  if (rules.length === 0) return;
  checkEncodable(
    "notification_rules",
    rules.map(({ name }) => name),
  );
  const rows = rules.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    name: each.name,
    enabled: each.enabled,
    kinds: JSON.stringify(each.kinds),
    experiment_ids: JSON.stringify(each.experimentIds),
    tags: JSON.stringify(each.tags),
    webhook_ids: JSON.stringify(each.webhookIds),
    digest_minutes: each.digestMinutes,
    max_per_hour: each.maxPerHour,
    version: each.version,
    updated_at: instantOrNull(knex, each.updatedAt),
  }));
  await knex("notification_rules").insert(rows).onConflict(["environment_id", "id"]).merge();
}

/** Inserts deliveries; of known ones, writes their state and what has joined them. Leases are up to whoever claims. */
export async function putDeliveries({ environmentId, knex }: Place, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    message_id: each.messageId,
    webhook_id: each.webhookId,
    rule_id: each.ruleId,
    replay_of: each.replayOf,
    status: each.status,
    collecting: each.collecting,
    created_at: instantOrNull(knex, each.createdAt),
    due_at: instantOrNull(knex, each.dueAt),
    attempts: JSON.stringify(each.attempts),
  }));
  await knex("deliveries")
    .insert(rows)
    .onConflict(["environment_id", "id"])
    .merge(["status", "collecting", "due_at", "attempts"]);
  const told = deliveries.flatMap(({ announcementIds, id }) =>
    announcementIds.map((announcement, position) => ({
      environment_id: environmentId,
      delivery_id: id,
      position,
      announcement_id: announcement,
    })),
  );
  if (told.length === 0) return;
  await knex("delivery_announcements").insert(told).onConflict(["environment_id", "delivery_id", "position"]).ignore();
}

import type { ClaimedDelivery, Delivery, Instant, NotificationQueue, RoutingBatch } from "@lotty/domain";
import type { Knex } from "knex";
import { instantOrNull } from "../control/written-values.ts";
import { guarded, toDatabaseError } from "../database-error.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { announcementColumns, toAnnouncement, type AnnouncementRow } from "./announcement-rows.ts";
import {
  deliveryColumns,
  toDelivery,
  toWebhook,
  webhookColumns,
  type DeliveryRow,
  type WebhookRow,
} from "./notification-rows.ts";
import { readRules, readWebhooks } from "./pg-notification-reads.ts";
import { putDeliveries } from "./write-notifications.ts";

/** Any number that nobody else in the database takes a lock on. */
const ROUTING_LOCK = 5_402_217_863_115_931;

const MICROS_PER_HOUR = 3_600_000_000;

/** That a plan failed. Carries what went wrong past the translation of the database's errors. */
class PlanFailure extends Error {
  override readonly name = "PlanFailure";
}

/** Moves announcements to webhooks in Postgres or PGlite. */
export class PgNotificationQueue implements NotificationQueue {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async route(
    plan: (batch: RoutingBatch) => readonly Delivery[],
    { limit, now }: { readonly now: Instant; readonly limit: number },
  ): Promise<number> {
    try {
      return await this.#knex.transaction(async (knex) => {
        const { rows } = await knex.raw<{ rows: readonly { readonly free: boolean }[] }>(
          `SELECT pg_try_advisory_xact_lock(${ROUTING_LOCK}) AS free`,
        );
        if (rows[0]?.free !== true) return 0;
        const batch = await readBatch(knex, now, limit);
        if (batch === undefined) return 0;
        const { announcements, environmentId } = batch;
        await putDeliveries({ environmentId, knex }, planned(plan, batch));
        const ids = announcements.map(({ id }) => id);
        await knex("announcements")
          .where({ environment_id: environmentId })
          .whereIn("id", ids)
          .update({ routed: true });
        return announcements.length;
      });
    } catch (error) {
      throw error instanceof PlanFailure ? error.cause : toDatabaseError(error);
    }
  }

  claim({
    leaseUntil,
    limit,
    now,
  }: {
    readonly now: Instant;
    readonly leaseUntil: Instant;
    readonly limit: number;
  }): Promise<readonly ClaimedDelivery[]> {
    return guarded(() =>
      this.#knex.transaction(async (knex) => {
        const { rows } = await knex.raw<{ rows: readonly { readonly environment_id: string; readonly id: string }[] }>(
          CLAIM,
          { now, leaseUntil, limit },
        );
        const claimed: ClaimedDelivery[] = [];
        for (const { environment_id: environmentId, id } of rows) {
          const known = await readClaimed(knex, environmentId, id);
          if (known !== undefined) claimed.push(known);
        }
        return claimed;
      }),
    );
  }

  settle(
    environmentId: string,
    delivery: Delivery,
    disabling: { readonly at: Instant; readonly reason: string } | null,
  ): Promise<void> {
    return guarded(() =>
      this.#knex.transaction(async (knex) => {
        await knex("deliveries")
          .where({ environment_id: environmentId, id: delivery.id })
          .update({
            status: delivery.status,
            due_at: instantOrNull(knex, delivery.dueAt),
            attempts: JSON.stringify(delivery.attempts),
            leased_until: null,
          });
        if (disabling === null) return;
        await knex("webhooks")
          .where({ environment_id: environmentId, id: delivery.webhookId, disabled: false })
          .update({
            disabled: true,
            disabled_reason: JSON.stringify(disabling.reason),
            version: knex.raw("version + 1"),
            updated_at: instantOrNull(knex, disabling.at),
          });
      }),
    );
  }

  forget(before: Instant, limit: number): Promise<number> {
    return guarded(async () => {
      const deliveries = await this.#knex.raw<{ rowCount: number }>(FORGET_DELIVERIES, { before, limit });
      const announcements = await this.#knex.raw<{ rowCount: number }>(FORGET_ANNOUNCEMENTS, { before, limit });
      return deliveries.rowCount + announcements.rowCount;
    });
  }
}

/** What is due, oldest first. Whoever else claims meanwhile passes over these rows. */
const CLAIM = `
WITH due AS (
  SELECT waiting.environment_id, waiting.id
  FROM deliveries AS waiting JOIN webhooks ON webhooks.environment_id = waiting.environment_id AND webhooks.id = waiting.webhook_id
  WHERE waiting.status = 'pending' AND waiting.due_at <= ${instantOf("CAST(:now AS bigint)")}
    AND (waiting.leased_until IS NULL OR waiting.leased_until <= ${instantOf("CAST(:now AS bigint)")})
    AND NOT webhooks.disabled
  ORDER BY waiting.due_at LIMIT :limit FOR UPDATE OF waiting SKIP LOCKED
)
UPDATE deliveries SET leased_until = ${instantOf("CAST(:leaseUntil AS bigint)")}, collecting = false
FROM due WHERE deliveries.environment_id = due.environment_id AND deliveries.id = due.id
RETURNING deliveries.environment_id, deliveries.id`;

const FORGET_DELIVERIES = `
DELETE FROM deliveries WHERE (environment_id, id) IN (
  SELECT environment_id, id FROM deliveries
  WHERE status <> 'pending' AND created_at < ${instantOf("CAST(:before AS bigint)")} ORDER BY created_at LIMIT :limit
)`;

const FORGET_ANNOUNCEMENTS = `
DELETE FROM announcements WHERE (environment_id, id) IN (
  SELECT old.environment_id, old.id FROM announcements AS old
  WHERE old.routed AND old.at < ${instantOf("CAST(:before AS bigint)")} AND NOT EXISTS (
    SELECT FROM delivery_announcements AS told
    WHERE told.environment_id = old.environment_id AND told.announcement_id = old.id
  ) ORDER BY old.at LIMIT :limit
)`;

async function readBatch(knex: Knex, now: Instant, limit: number): Promise<RoutingBatch | undefined> {
  const [environmentId] = await knex<{ readonly environment_id: string }>("announcements")
    .whereRaw("NOT routed")
    .orderBy("id")
    .limit(1)
    .pluck("environment_id");
  if (environmentId === undefined) return undefined;
  const announcements: AnnouncementRow[] = await knex("announcements")
    .where({ environment_id: environmentId, routed: false })
    .orderBy("announcements.id")
    .limit(limit)
    .select(...announcementColumns(knex));
  const rules = await readRules(knex, environmentId);
  const bounded = rules.filter(({ digestMinutes, enabled, maxPerHour }) => {
    return enabled && (digestMinutes > 0 || maxPerHour !== null);
  });
  const recent: DeliveryRow[] = await knex("deliveries")
    .where({ environment_id: environmentId })
    .whereIn(
      "rule_id",
      bounded.map(({ id }) => id),
    )
    .where("due_at", ">", instantOrNull(knex, now - MICROS_PER_HOUR))
    // A claim that is under way ends what is collecting; whoever comes later sees it.
    .forUpdate()
    .select(...deliveryColumns(knex));
  return {
    environmentId,
    announcements: announcements.map(toAnnouncement),
    rules: rules.filter(({ enabled }) => enabled),
    webhooks: await readWebhooks(knex, environmentId),
    recent: recent.map(toDelivery),
  };
}

function planned(plan: (batch: RoutingBatch) => readonly Delivery[], batch: RoutingBatch): readonly Delivery[] {
  try {
    return plan(batch);
  } catch (error) {
    throw new PlanFailure("Announcements cannot be routed", { cause: error });
  }
}

async function readClaimed(knex: Knex, environmentId: string, id: string): Promise<ClaimedDelivery | undefined> {
  const rows: DeliveryRow[] = await knex("deliveries")
    .where({ environment_id: environmentId, id })
    .select(...deliveryColumns(knex));
  const [delivery] = rows.map(toDelivery);
  if (delivery === undefined) return undefined;
  const webhooks: WebhookRow[] = await knex("webhooks")
    .where({ environment_id: environmentId, id: delivery.webhookId })
    .select(...webhookColumns(knex));
  const [webhook] = webhooks.map(toWebhook);
  if (webhook === undefined) return undefined;
  const told: AnnouncementRow[] = await knex("announcements")
    .join("delivery_announcements AS told", (join) =>
      join.on("told.environment_id", "announcements.environment_id").andOn("told.announcement_id", "announcements.id"),
    )
    .where({ "told.environment_id": environmentId, "told.delivery_id": id })
    .orderBy("told.position")
    .select(...announcementColumns(knex));
  return { environmentId, delivery, webhook, announcements: told.map(toAnnouncement) };
}

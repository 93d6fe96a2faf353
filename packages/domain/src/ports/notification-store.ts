import type { Announcement } from "../announcement.ts";
import type { Instant } from "../instant.ts";
import type { Delivery, DeliveryStatus, NotificationRule, Webhook } from "../notification.ts";

/** A change of what is told where. Part of a `ControlChange`: it becomes true with its entry on record, or not at all. */
export interface NotificationChange {
  readonly putWebhooks?: readonly Webhook[];
  /** Their deliveries go with them; rules may still name them. */
  readonly removeWebhookIds?: readonly string[];
  readonly putRules?: readonly NotificationRule[];
  readonly removeRuleIds?: readonly string[];
  /** New deliveries that no rule makes: tests and replays. */
  readonly addDeliveries?: readonly Delivery[];
}

/** Which deliveries are asked for. */
export interface DeliveryQuestion {
  readonly environmentId: string;
  readonly webhookId?: string;
  readonly status?: DeliveryStatus;
  /** Only deliveries older than the one of this id. */
  readonly before?: string;
  /** From 1. */
  readonly limit: number;
}

/** Looks up what is told where, and what became of it. Methods throw LottyError `database_unavailable`. */
export interface NotificationReads {
  /** All webhooks, in the order of their names. */
  webhooks(environmentId: string): Promise<readonly Webhook[]>;

  /** All rules, in the order of their names. */
  notificationRules(environmentId: string): Promise<readonly NotificationRule[]>;

  /** Deliveries, newest first. */
  deliveries(question: DeliveryQuestion): Promise<readonly Delivery[]>;

  /** One delivery; `undefined` when there is none of that id. */
  delivery(environmentId: string, deliveryId: string): Promise<Delivery | undefined>;
}

/** Announcements of one environment that no rule has looked at, and what routing them has to know. */
export interface RoutingBatch {
  readonly environmentId: string;
  /** Oldest first. */
  readonly announcements: readonly Announcement[];
  /** Rules that are enabled. */
  readonly rules: readonly NotificationRule[];
  readonly webhooks: readonly Webhook[];
  /** Deliveries by those of the rules that collect or have a limit, which were due in the last hour or are not due yet. */
  readonly recent: readonly Delivery[];
}

/** A delivery that is to be attempted now, with all it takes. */
export interface ClaimedDelivery {
  readonly environmentId: string;
  readonly delivery: Delivery;
  readonly webhook: Webhook;
  /** In the order in which it tells them. */
  readonly announcements: readonly Announcement[];
}

/** Moves announcements to webhooks. Everything is done at least once, whatever process dies when. */
export interface NotificationQueue {
  /**
   * Has announcements turned into deliveries, in one transaction in which nobody else routes. What `plan` returns is written: deliveries
   * that are new, and collecting ones of the batch with what has joined them.
   *
   * @param limit most announcements, from 1
   * @param now for which deliveries are recent
   * @returns how many announcements were routed; 0 also when somebody else is at it
   * @throws LottyError `database_unavailable`; whatever `plan` throws, and then nothing is routed
   */
  route(
    plan: (batch: RoutingBatch) => readonly Delivery[],
    span: { readonly now: Instant; readonly limit: number },
  ): Promise<number>;

  /**
   * Takes deliveries that are due, of webhooks that are not disabled: nobody else gets them before the lease is over.
   *
   * @throws LottyError `database_unavailable`
   */
  claim(claim: {
    readonly now: Instant;
    readonly leaseUntil: Instant;
    readonly limit: number;
  }): Promise<readonly ClaimedDelivery[]>;

  /**
   * Writes what became of a claimed delivery, and ends its lease. A reason disables its webhook.
   *
   * @throws LottyError `database_unavailable`
   */
  settle(
    environmentId: string,
    delivery: Delivery,
    disabling: { readonly at: Instant; readonly reason: string } | null,
  ): Promise<void>;

  /**
   * Forgets deliveries that are over and were created before an instant, and announcements from before it that no delivery tells.
   *
   * @returns how many deliveries and announcements are gone, at most about `limit` of each
   * @throws LottyError `database_unavailable`
   */
  forget(before: Instant, limit: number): Promise<number>;
}

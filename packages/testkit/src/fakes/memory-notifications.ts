import {
  compareCodePoints,
  type Announcement,
  type ClaimedDelivery,
  type Delivery,
  type DeliveryQuestion,
  type Instant,
  type NotificationChange,
  type NotificationQueue,
  type NotificationReads,
  type NotificationRule,
  type RoutingBatch,
  type Webhook,
} from "@lotty/domain";

/** What one environment tells. */
interface Told {
  readonly webhooks: Map<string, Webhook>;
  readonly rules: Map<string, NotificationRule>;
  readonly deliveries: Map<string, Delivery>;
  readonly announcements: Map<string, Announcement>;
  readonly unrouted: Set<string>;
}

const MICROS_PER_HOUR = 3_600_000_000;

/** What is told where, in memory. */
export class MemoryNotifications implements NotificationReads, NotificationQueue {
  readonly #told = new Map<string, Told>();
  readonly #leases = new Map<string, Instant>();

  /** Everything that was announced in an environment, in its order. */
  announced(environmentId: string): readonly Announcement[] {
    return [...this.#toldIn(environmentId).announcements.values()];
  }

  /** Makes a change true, as a commit of the control plane does. */
  apply(environmentId: string, change: NotificationChange, announcements: readonly Announcement[]): void {
    const told = this.#toldIn(environmentId);
    for (const announcement of announcements) {
      told.announcements.set(announcement.id, announcement);
      if (announcement.kind !== "webhook.test") told.unrouted.add(announcement.id);
    }
    for (const id of change.removeWebhookIds ?? []) removeWebhook(told, id);
    for (const id of change.removeRuleIds ?? []) told.rules.delete(id);
    for (const webhook of change.putWebhooks ?? []) told.webhooks.set(webhook.id, webhook);
    for (const rule of change.putRules ?? []) told.rules.set(rule.id, rule);
    for (const delivery of change.addDeliveries ?? []) told.deliveries.set(delivery.id, delivery);
  }

  async webhooks(environmentId: string): Promise<readonly Webhook[]> {
    return byName(this.#toldIn(environmentId).webhooks);
  }

  async notificationRules(environmentId: string): Promise<readonly NotificationRule[]> {
    return byName(this.#toldIn(environmentId).rules);
  }

  async deliveries(question: DeliveryQuestion): Promise<readonly Delivery[]> {
    const { before, environmentId, limit, status, webhookId } = question;
    return [...this.#toldIn(environmentId).deliveries.values()]
      .filter((each) => webhookId === undefined || each.webhookId === webhookId)
      .filter((each) => status === undefined || each.status === status)
      .filter((each) => before === undefined || each.id < before)
      .sort((one, other) => compareCodePoints(other.id, one.id))
      .slice(0, limit);
  }

  async delivery(environmentId: string, deliveryId: string): Promise<Delivery | undefined> {
    return this.#toldIn(environmentId).deliveries.get(deliveryId);
  }

  async route(
    plan: (batch: RoutingBatch) => readonly Delivery[],
    { limit, now }: { readonly now: Instant; readonly limit: number },
  ): Promise<number> {
    for (const [environmentId, told] of this.#told) {
      const ids = [...told.unrouted].sort(compareCodePoints).slice(0, limit);
      if (ids.length === 0) continue;
      const rules = byName(told.rules).filter(({ enabled }) => enabled);
      const planned = plan({
        environmentId,
        announcements: present(ids, told.announcements),
        rules,
        webhooks: byName(told.webhooks),
        recent: [...told.deliveries.values()].filter(
          ({ dueAt, ruleId }) =>
            dueAt > now - MICROS_PER_HOUR && rules.some((rule) => rule.id === ruleId && isBounded(rule)),
        ),
      });
      for (const delivery of planned) told.deliveries.set(delivery.id, delivery);
      for (const id of ids) told.unrouted.delete(id);
      return ids.length;
    }
    return 0;
  }

  async claim({
    leaseUntil,
    limit,
    now,
  }: {
    readonly now: Instant;
    readonly leaseUntil: Instant;
    readonly limit: number;
  }): Promise<readonly ClaimedDelivery[]> {
    const claimed: ClaimedDelivery[] = [];
    for (const [environmentId, told] of this.#told) {
      for (const delivery of told.deliveries.values()) {
        const webhook = told.webhooks.get(delivery.webhookId);
        const isFree = (this.#leases.get(delivery.id) ?? now) <= now;
        const isDue = delivery.status === "pending" && delivery.dueAt <= now;
        if (claimed.length >= limit || !isFree || !isDue || webhook === undefined || webhook.disabled) continue;
        const taken = { ...delivery, collecting: false };
        told.deliveries.set(taken.id, taken);
        this.#leases.set(taken.id, leaseUntil);
        const announcements = present(taken.announcementIds, told.announcements);
        claimed.push({ environmentId, delivery: taken, webhook, announcements });
      }
    }
    return claimed;
  }

  async settle(
    environmentId: string,
    delivery: Delivery,
    disabling: { readonly at: Instant; readonly reason: string } | null,
  ): Promise<void> {
    const told = this.#toldIn(environmentId);
    this.#leases.delete(delivery.id);
    if (told.deliveries.has(delivery.id)) told.deliveries.set(delivery.id, delivery);
    const webhook = told.webhooks.get(delivery.webhookId);
    if (disabling === null || webhook === undefined || webhook.disabled) return;
    const { at, reason } = disabling;
    const { version } = webhook;
    const disabled = { ...webhook, disabled: true, disabledReason: reason, version: version + 1, updatedAt: at };
    told.webhooks.set(webhook.id, disabled);
  }

  async forget(before: Instant, limit: number): Promise<number> {
    let gone = 0;
    for (const told of this.#told.values()) {
      const over = [...told.deliveries.values()].filter(
        ({ createdAt, status }) => status !== "pending" && createdAt < before,
      );
      for (const { id } of over.slice(0, limit)) gone += told.deliveries.delete(id) ? 1 : 0;
      const inUse = new Set([...told.deliveries.values()].flatMap(({ announcementIds }) => announcementIds));
      const old = [...told.announcements.values()].filter(
        ({ at, id }) => at < before && !inUse.has(id) && !told.unrouted.has(id),
      );
      for (const { id } of old.slice(0, limit)) gone += told.announcements.delete(id) ? 1 : 0;
    }
    return gone;
  }

  #toldIn(environmentId: string): Told {
    const known = this.#told.get(environmentId);
    if (known !== undefined) return known;
    const told: Told = {
      webhooks: new Map(),
      rules: new Map(),
      deliveries: new Map(),
      announcements: new Map(),
      unrouted: new Set(),
    };
    this.#told.set(environmentId, told);
    return told;
  }
}

function removeWebhook(told: Told, id: string): void {
  told.webhooks.delete(id);
  for (const delivery of told.deliveries.values()) {
    if (delivery.webhookId === id) told.deliveries.delete(delivery.id);
  }
}

function isBounded({ digestMinutes, maxPerHour }: NotificationRule): boolean {
  return digestMinutes > 0 || maxPerHour !== null;
}

function byName<T extends { readonly name: string }>(things: ReadonlyMap<string, T>): readonly T[] {
  return [...things.values()].sort((one, other) => compareCodePoints(one.name, other.name));
}

function present<T>(ids: readonly string[], things: ReadonlyMap<string, T>): readonly T[] {
  return ids.flatMap((id) => {
    const thing = things.get(id);
    return thing === undefined ? [] : [thing];
  });
}

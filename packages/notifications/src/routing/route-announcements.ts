import {
  compareCodePoints,
  type Delivery,
  type Instant,
  type NotificationRule,
  type RoutingBatch,
} from "@lotty/domain";
import { matches } from "./matches.ts";
import { nextSlot } from "./next-slot.ts";

/** Most announcements in one message: about 50 kB. Further ones make another message. */
export const MAX_ANNOUNCEMENTS = 100;

const MICROS_PER_MINUTE = 60_000_000;

/** When routing happens, and where ids come from. */
export interface RoutingContext {
  readonly now: Instant;
  readonly newId: () => string;
}

/**
 * Turns announcements into deliveries: new ones, and collecting ones with what has joined them. A webhook is told an announcement once,
 * by the rule that tells it soonest. Beyond a rule's limit announcements are collected until a message may be sent again: nothing is
 * dropped. Webhooks that are disabled get nothing.
 */
export function routeAnnouncements(batch: RoutingBatch, context: RoutingContext): readonly Delivery[] {
  const active = new Set(batch.webhooks.filter(({ disabled }) => !disabled).map(({ id }) => id));
  const routes = new Map<string, Route>();
  const soonestFirst = batch.rules.toSorted(
    (one, other) => one.digestMinutes - other.digestMinutes || compareCodePoints(one.name, other.name),
  );
  for (const announcement of batch.announcements) {
    const told = new Set<string>();
    for (const rule of soonestFirst.filter((each) => matches(each, announcement))) {
      for (const webhookId of rule.webhookIds) {
        if (!active.has(webhookId) || told.has(webhookId)) continue;
        told.add(webhookId);
        const key = `${rule.id} ${webhookId}`;
        const route = routes.get(key) ?? new Route(rule, webhookId, batch.recent);
        routes.set(key, route);
        route.tell(announcement.id, context);
      }
    }
  }
  return [...routes.values()].flatMap(({ changed }) => changed);
}

/** The way of one rule to one webhook. */
class Route {
  readonly #rule: NotificationRule;
  readonly #webhookId: string;
  readonly #recent: readonly Delivery[];
  readonly #changed = new Map<string, Delivery>();
  #open: Delivery | undefined;

  constructor(rule: NotificationRule, webhookId: string, recent: readonly Delivery[]) {
    this.#rule = rule;
    this.#webhookId = webhookId;
    this.#recent = recent.filter((each) => each.ruleId === rule.id && each.webhookId === webhookId);
    this.#open = this.#recent.find(hasRoom);
  }

  get changed(): readonly Delivery[] {
    return [...this.#changed.values()];
  }

  tell(announcementId: string, context: RoutingContext): void {
    const delivery = this.#open ?? this.#begin(context);
    const told = { ...delivery, announcementIds: [...delivery.announcementIds, announcementId] };
    this.#changed.set(told.id, told);
    this.#open = hasRoom(told) ? told : undefined;
  }

  #begin({ newId, now }: RoutingContext): Delivery {
    const { digestMinutes, id: ruleId, maxPerHour } = this.#rule;
    const dueAt = Math.max(
      now + digestMinutes * MICROS_PER_MINUTE,
      maxPerHour === null ? now : nextSlot([...this.#recent, ...this.changed], maxPerHour, now),
    );
    const id = newId();
    return {
      id,
      messageId: id,
      webhookId: this.#webhookId,
      ruleId,
      replayOf: null,
      status: "pending",
      announcementIds: [],
      collecting: dueAt > now,
      createdAt: now,
      dueAt,
      attempts: [],
    };
  }
}

function hasRoom({ announcementIds, collecting }: Delivery): boolean {
  return collecting && announcementIds.length < MAX_ANNOUNCEMENTS;
}

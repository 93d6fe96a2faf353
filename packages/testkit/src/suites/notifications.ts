import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type Announcement,
  type ControlChange,
  type ControlPlaneStore,
  type Delivery,
  type NotificationQueue,
  type NotificationReads,
  type NotificationRule,
  type RoutingBatch,
  type Webhook,
} from "@lotty/domain";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sampleLink } from "./control-plane-store.ts";
import { sampleDecisionId, STORE_NOW, TREACHEROUS_TEXTS } from "./decision-store-fixture.ts";

/** What is told where, to be tested, with the store that changes it. */
export interface OpenedNotifications {
  readonly store: ControlPlaneStore;
  readonly reads: NotificationReads;
  readonly queue: NotificationQueue;
  /** An environment besides the default one, empty as well. */
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

const MINUTE = 60_000_000;

/** A webhook of its own. */
export function sampleWebhook(fields: Partial<Webhook> = {}): Webhook {
  const id = randomUUID();
  return {
    id,
    name: `webhook-${id}`,
    format: "standard",
    shownUrl: "https://example.com/…",
    sealedSecret: "sealed",
    previousSecretUntil: null,
    disabled: false,
    disabledReason: null,
    version: 1,
    updatedAt: STORE_NOW,
    ...fields,
  };
}

/** A rule of its own, which tells a webhook everything at once. */
export function sampleNotificationRule(
  webhookIds: readonly string[],
  fields: Partial<NotificationRule> = {},
): NotificationRule {
  const id = randomUUID();
  return {
    id,
    name: `rule-${id}`,
    enabled: true,
    kinds: [],
    experimentIds: [],
    tags: [],
    webhookIds,
    digestMinutes: 0,
    maxPerHour: null,
    version: 1,
    updatedAt: STORE_NOW,
    ...fields,
  };
}

/** An announcement of its own. */
export function sampleAnnouncement(fields: Partial<Announcement> = {}): Announcement {
  return {
    id: sampleDecisionId(fields.at ?? STORE_NOW),
    at: STORE_NOW,
    kind: "experiment.started",
    experiment: { id: randomUUID(), key: "green-button" },
    tags: ["checkout"],
    actorName: "Ada",
    summary: "green-button was started.",
    facts: { status: "running", version: 3 },
    ...fields,
  };
}

/** A delivery of its own that waits to be sent. */
export function sampleDelivery(webhookId: string, fields: Partial<Delivery> = {}): Delivery {
  const id = sampleDecisionId(fields.createdAt ?? STORE_NOW);
  return {
    id,
    messageId: id,
    webhookId,
    ruleId: null,
    replayOf: null,
    status: "pending",
    announcementIds: [],
    collecting: false,
    createdAt: STORE_NOW,
    dueAt: STORE_NOW,
    attempts: [],
    ...fields,
  };
}

/** Registers the tests that whatever keeps notifications passes. One store serves all of them. */
export function describeNotifications(name: string, open: () => Promise<OpenedNotifications>): void {
  describe(`notifications ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedNotifications;
    let queue: NotificationQueue;
    let reads: NotificationReads;
    beforeAll(async () => {
      opened = await open();
      ({ queue, reads } = opened);
    });
    afterAll(() => opened.close());

    /** Every test begins with empty rules and nothing to route. */
    beforeEach(async () => {
      const [webhooks, rules] = await Promise.all([
        reads.webhooks(environmentId),
        reads.notificationRules(environmentId),
      ]);
      await commit({
        notifications: {
          removeWebhookIds: webhooks.map(({ id }) => id),
          removeRuleIds: rules.map(({ id }) => id),
        },
      });
      while ((await queue.route(() => [], { now: STORE_NOW, limit: 1_000 })) > 0);
    });

    async function commit(change: Omit<ControlChange, "audit">): Promise<void> {
      const { revision } = await opened.store.load(environmentId);
      await opened.store.commit(environmentId, { audit: sampleLink("test.change"), ...change }, revision);
    }

    function claim(now: number, limit = 100): ReturnType<NotificationQueue["claim"]> {
      return queue.claim({ now, leaseUntil: now + MINUTE, limit });
    }

    it("keeps webhooks and rules in the order of their names, and each environment's apart", async () => {
      const [b, a] = [
        sampleWebhook({
          name: "b",
          format: "slack",
          disabled: true,
          disabledReason: TREACHEROUS_TEXTS.join("|"),
          previousSecretUntil: STORE_NOW + 1,
        }),
        sampleWebhook({ name: "a" }),
      ];
      const rule = sampleNotificationRule([a.id, b.id], {
        kinds: ["experiment.paused", "guardrail.fired"],
        experimentIds: [randomUUID()],
        tags: TREACHEROUS_TEXTS,
        digestMinutes: 15,
        maxPerHour: 6,
      });
      await commit({ notifications: { putWebhooks: [b, a], putRules: [rule] } });
      expect(await reads.webhooks(environmentId)).toStrictEqual([a, b]);
      expect(await reads.notificationRules(environmentId)).toStrictEqual([rule]);
      expect(await reads.webhooks(opened.otherEnvironmentId)).toStrictEqual([]);
      const renamed = { ...a, name: "c", version: 2 };
      const paused = { ...rule, enabled: false, maxPerHour: null, version: 2 };
      await commit({ notifications: { putWebhooks: [renamed], removeWebhookIds: [b.id], putRules: [paused] } });
      expect(await reads.webhooks(environmentId)).toStrictEqual([renamed]);
      expect(await reads.notificationRules(environmentId)).toStrictEqual([paused]);
    });

    it("hands announcements to routing once, oldest first, with the rules that are enabled", async () => {
      const webhook = sampleWebhook();
      const rule = sampleNotificationRule([webhook.id]);
      const off = sampleNotificationRule([webhook.id], { enabled: false });
      const later = sampleAnnouncement({ at: STORE_NOW + 2_000_000, experiment: null, tags: TREACHEROUS_TEXTS });
      const earlier = sampleAnnouncement({ at: STORE_NOW + 1_000_000, summary: TREACHEROUS_TEXTS.join("|") });
      await commit({
        notifications: { putWebhooks: [webhook], putRules: [rule, off] },
        announcements: [later, earlier],
      });
      let seen: RoutingBatch | undefined;
      const delivery = sampleDelivery(webhook.id, { ruleId: rule.id, announcementIds: [earlier.id] });
      const routed = await queue.route(
        (batch) => {
          seen = batch;
          return [delivery];
        },
        { now: STORE_NOW, limit: 10 },
      );
      expect(routed).toBe(2);
      expect(seen).toStrictEqual({
        environmentId,
        announcements: [earlier, later],
        rules: [rule],
        webhooks: [webhook],
        recent: [],
      });
      expect(await queue.route(() => [], { now: STORE_NOW, limit: 10 })).toBe(0);
      expect(await reads.delivery(environmentId, delivery.id)).toStrictEqual(delivery);
      expect(await reads.delivery(opened.otherEnvironmentId, delivery.id)).toBeUndefined();
    });

    it("routes nothing when the plan fails", async () => {
      await commit({ announcements: [sampleAnnouncement()] });
      const failed = queue.route(
        () => {
          throw new Error("no plan");
        },
        { now: STORE_NOW, limit: 10 },
      );
      await expect(failed).rejects.toThrow("no plan");
      expect(await queue.route(() => [], { now: STORE_NOW, limit: 10 })).toBe(1);
    });

    it("lets announcements join what is collecting, and tells routing what was sent lately by rules with a limit", async () => {
      const webhook = sampleWebhook();
      const rule = sampleNotificationRule([webhook.id], { digestMinutes: 10 });
      const [one, two] = [sampleAnnouncement(), sampleAnnouncement({ at: STORE_NOW + MINUTE })];
      await commit({ notifications: { putWebhooks: [webhook], putRules: [rule] }, announcements: [one, two] });
      const collecting = sampleDelivery(webhook.id, {
        ruleId: rule.id,
        announcementIds: [one.id],
        collecting: true,
        dueAt: STORE_NOW + 10 * MINUTE,
      });
      const old = sampleDelivery(webhook.id, { ruleId: rule.id, dueAt: STORE_NOW - 61 * MINUTE });
      await queue.route(() => [collecting, old], { now: STORE_NOW, limit: 1 });
      const joined = { ...collecting, announcementIds: [one.id, two.id] };
      await queue.route(
        ({ recent }) => {
          expect(recent).toStrictEqual([collecting]);
          return [joined];
        },
        { now: STORE_NOW, limit: 1 },
      );
      expect(await reads.delivery(environmentId, collecting.id)).toStrictEqual(joined);
      const [claimed] = await claim(STORE_NOW + 10 * MINUTE).then((all) =>
        all.filter(({ delivery }) => delivery.id === collecting.id),
      );
      expect(claimed).toStrictEqual({
        environmentId,
        webhook,
        delivery: { ...joined, collecting: false },
        announcements: [one, two],
      });
    });

    it("gives a delivery that is due to one claimer, until its lease is over", async () => {
      const webhook = sampleWebhook();
      const delivery = sampleDelivery(webhook.id);
      const future = sampleDelivery(webhook.id, { dueAt: STORE_NOW + 5 * MINUTE });
      await commit({ notifications: { putWebhooks: [webhook], addDeliveries: [delivery, future] } });
      expect(await claim(STORE_NOW - 1)).toStrictEqual([]);
      const claims = await Promise.all([1, 2, 3, 4].map(() => claim(STORE_NOW)));
      expect(claims.flat()).toStrictEqual([{ environmentId, delivery, webhook, announcements: [] }]);
      expect(await claim(STORE_NOW + MINUTE - 1)).toStrictEqual([]);
      expect((await claim(STORE_NOW + MINUTE)).map((each) => each.delivery.id)).toStrictEqual([delivery.id]);
    });

    it("writes what became of an attempt, and gives the delivery again when it is due again", async () => {
      const webhook = sampleWebhook();
      const delivery = sampleDelivery(webhook.id);
      await commit({ notifications: { putWebhooks: [webhook], addDeliveries: [delivery] } });
      await claim(STORE_NOW);
      const attempt = { at: STORE_NOW, millis: 12, status: 503, fault: "503", answer: TREACHEROUS_TEXTS.join("|") };
      const again = { ...delivery, dueAt: STORE_NOW + 2 * MINUTE, attempts: [attempt] };
      await queue.settle(environmentId, again, null);
      expect(await reads.delivery(environmentId, delivery.id)).toStrictEqual(again);
      expect(await claim(STORE_NOW + MINUTE)).toStrictEqual([]);
      expect(await claim(STORE_NOW + 2 * MINUTE)).toMatchObject([{ delivery: again }]);
      const over = { ...again, status: "delivered" as const };
      await queue.settle(environmentId, over, null);
      expect(await claim(STORE_NOW + 60 * MINUTE)).toStrictEqual([]);
      expect(await reads.deliveries({ environmentId, webhookId: webhook.id, limit: 5 })).toStrictEqual([over]);
    });

    it("disables a webhook that is gone, as a new version, and gives nothing of it until it is enabled", async () => {
      const webhook = sampleWebhook();
      const [one, two] = [sampleDelivery(webhook.id), sampleDelivery(webhook.id)];
      await commit({ notifications: { putWebhooks: [webhook], addDeliveries: [one, two] } });
      const [first] = await claim(STORE_NOW, 1);
      const delivery = { ...first!.delivery, status: "failed" as const };
      await queue.settle(environmentId, delivery, { at: STORE_NOW + 1, reason: "gone" });
      const [disabled] = await reads.webhooks(environmentId);
      expect(disabled).toStrictEqual({
        ...webhook,
        disabled: true,
        disabledReason: "gone",
        version: 2,
        updatedAt: STORE_NOW + 1,
      });
      expect(await claim(STORE_NOW + 5 * MINUTE)).toStrictEqual([]);
      await commit({ notifications: { putWebhooks: [{ ...webhook, version: 3 }] } });
      expect(await claim(STORE_NOW + 5 * MINUTE)).toHaveLength(1);
    });

    it("lists deliveries newest first, page by page, of one webhook or status", async () => {
      const [webhook, other] = [sampleWebhook(), sampleWebhook()];
      const deliveries = [1, 2, 3].map((place) =>
        sampleDelivery(webhook.id, { createdAt: STORE_NOW + place * MINUTE }),
      );
      const failed = sampleDelivery(other.id, { status: "failed", createdAt: STORE_NOW + 9 * MINUTE });
      await commit({ notifications: { putWebhooks: [webhook, other], addDeliveries: [...deliveries, failed] } });
      const [first, second, third] = deliveries;
      expect(await reads.deliveries({ environmentId, webhookId: webhook.id, limit: 2 })).toStrictEqual([third, second]);
      const rest = await reads.deliveries({ environmentId, webhookId: webhook.id, before: second!.id, limit: 2 });
      expect(rest).toStrictEqual([first]);
      expect(await reads.deliveries({ environmentId, status: "failed", limit: 9 })).toStrictEqual([failed]);
    });

    it("forgets what is over and old, and announcements that nothing tells any more", async () => {
      const webhook = sampleWebhook();
      const [told, untold] = [sampleAnnouncement(), sampleAnnouncement()];
      const over = sampleDelivery(webhook.id, { status: "delivered", announcementIds: [told.id] });
      const pending = sampleDelivery(webhook.id);
      const young = sampleDelivery(webhook.id, { status: "failed", createdAt: STORE_NOW + MINUTE });
      await commit({ notifications: { putWebhooks: [webhook] }, announcements: [told, untold] });
      await queue.route(() => [over, pending, young], { now: STORE_NOW, limit: 10 });
      while ((await queue.forget(STORE_NOW + 1, 1)) > 0);
      const left = await reads.deliveries({ environmentId, webhookId: webhook.id, limit: 9 });
      expect(left).toStrictEqual([young, pending]);
      expect(await queue.forget(STORE_NOW + 1, 1)).toBe(0);
    });

    it("announces nothing of a change that was not made", async () => {
      const { revision } = await opened.store.load(environmentId);
      const change = { audit: sampleLink("late"), announcements: [sampleAnnouncement()] };
      const late = opened.store.commit(environmentId, change, revision - 1);
      await expect(late).rejects.toMatchObject({ code: "revision_conflict" });
      expect(await queue.route(() => [], { now: STORE_NOW, limit: 10 })).toBe(0);
    });
  });
}

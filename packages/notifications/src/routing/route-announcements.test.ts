import type { Delivery, NotificationRule, RoutingBatch } from "@lotty/domain";
import {
  sampleAnnouncement,
  sampleDelivery,
  sampleNotificationRule,
  sampleWebhook,
} from "@lotty/testkit/suites/notifications";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ANNOUNCEMENTS, routeAnnouncements } from "./route-announcements.ts";

const NOW = 1_000_000_000_000;
const MINUTE = 60_000_000;
const [one, two] = [sampleWebhook(), sampleWebhook()];

function route(batch: Partial<RoutingBatch>, now = NOW): readonly Delivery[] {
  let count = 0;
  const newId = (): string => `d${(count += 1)}-${now}`;
  const whole = { environmentId: "e", announcements: [], rules: [], webhooks: [one, two], recent: [], ...batch };
  return routeAnnouncements(whole, { now, newId });
}

function told(deliveries: readonly Delivery[]): readonly (readonly string[])[] {
  return deliveries.map(({ announcementIds }) => announcementIds);
}

describe("routing announcements", () => {
  it("tells each by a message of its own, at once", () => {
    const announcements = [sampleAnnouncement(), sampleAnnouncement()];
    const rule = sampleNotificationRule([one.id, two.id]);
    const deliveries = route({ announcements, rules: [rule] });
    expect(deliveries).toHaveLength(4);
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({ ruleId: rule.id, status: "pending", collecting: false, dueAt: NOW });
      expect(delivery.messageId).toBe(delivery.id);
    }
  });

  it("goes by kind, experiment and tag; empty lists take everything", () => {
    const announcement = sampleAnnouncement({ kind: "guardrail.fired", tags: ["a", "b"] });
    const experimentId = announcement.experiment?.id ?? "";
    const about = (fields: Partial<NotificationRule>): number =>
      route({ announcements: [announcement], rules: [sampleNotificationRule([one.id], fields)] }).length;
    expect(about({})).toBe(1);
    expect(about({ kinds: ["guardrail.fired"], experimentIds: [experimentId], tags: ["x", "b"] })).toBe(1);
    expect(about({ kinds: ["experiment.paused"] })).toBe(0);
    expect(about({ experimentIds: ["other"] })).toBe(0);
    expect(about({ tags: ["x"] })).toBe(0);
    const ofNone = sampleAnnouncement({ experiment: null });
    const rule = sampleNotificationRule([one.id], { experimentIds: [experimentId] });
    expect(route({ announcements: [ofNone], rules: [rule] })).toStrictEqual([]);
  });

  it("tells a webhook an announcement once, by the rule that does it soonest", () => {
    const slow = sampleNotificationRule([one.id], { name: "a", digestMinutes: 60 });
    const quick = sampleNotificationRule([one.id], { name: "b" });
    const deliveries = route({ announcements: [sampleAnnouncement()], rules: [slow, quick] });
    expect(deliveries.map(({ ruleId }) => ruleId)).toStrictEqual([quick.id]);
  });

  it("tells nothing to webhooks that are disabled or gone", () => {
    const rule = sampleNotificationRule([one.id, "gone"]);
    const webhooks = [{ ...one, disabled: true }];
    expect(route({ announcements: [sampleAnnouncement()], rules: [rule], webhooks })).toStrictEqual([]);
  });

  it("collects for a digest, also what comes later, until it is full", () => {
    const rule = sampleNotificationRule([one.id], { digestMinutes: 15 });
    const [first, second, third] = [sampleAnnouncement(), sampleAnnouncement(), sampleAnnouncement()];
    const [digest, ...others] = route({ announcements: [first, second], rules: [rule] });
    expect(others).toStrictEqual([]);
    expect(digest).toMatchObject({
      collecting: true,
      dueAt: NOW + 15 * MINUTE,
      announcementIds: [first.id, second.id],
    });
    const later = route({ announcements: [third], rules: [rule], recent: [digest!] }, NOW + MINUTE);
    expect(later).toStrictEqual([{ ...digest, announcementIds: [first.id, second.id, third.id] }]);
    const many = Array.from({ length: MAX_ANNOUNCEMENTS + 1 }, () => sampleAnnouncement());
    expect(told(route({ announcements: many, rules: [rule] })).map(({ length }) => length)).toStrictEqual([100, 1]);
  });

  it("does not add to a message that is on its way", () => {
    const rule = sampleNotificationRule([one.id], { digestMinutes: 15 });
    const sent = sampleDelivery(one.id, { ruleId: rule.id, collecting: false, dueAt: NOW });
    expect(route({ announcements: [sampleAnnouncement()], rules: [rule], recent: [sent] })).toHaveLength(1);
  });

  it("collects what is beyond a rule's limit, until a message may be sent again", () => {
    const rule = sampleNotificationRule([one.id], { maxPerHour: 2 });
    const announcements = [1, 2, 3, 4].map(() => sampleAnnouncement());
    const sent = sampleDelivery(one.id, { ruleId: rule.id, dueAt: NOW - 40 * MINUTE });
    const deliveries = route({ announcements, rules: [rule], recent: [sent] });
    expect(deliveries.map(({ dueAt }) => dueAt)).toStrictEqual([NOW, NOW + 20 * MINUTE]);
    expect(told(deliveries).map(({ length }) => length)).toStrictEqual([1, 3]);
  });

  it("counts a message that is tried again by its first attempt", () => {
    const rule = sampleNotificationRule([one.id], { maxPerHour: 1 });
    const attempt = { at: NOW - 61 * MINUTE, millis: 1, status: 500, fault: "500", answer: "" };
    const retried = sampleDelivery(one.id, { ruleId: rule.id, dueAt: NOW + MINUTE, attempts: [attempt] });
    const [delivery] = route({ announcements: [sampleAnnouncement()], rules: [rule], recent: [retried] });
    expect(delivery?.dueAt).toBe(NOW);
  });

  it("drops nothing, repeats nothing, and keeps to the limit in any hour", () => {
    const steps = fc.array(fc.record({ minutes: fc.nat(20), count: fc.integer({ min: 1, max: 5 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0, 7), (arrivals, maxPerHour, digest) => {
        const rule = sampleNotificationRule([one.id], { maxPerHour, digestMinutes: digest });
        const known = new Map<string, Delivery>();
        const all: string[] = [];
        let now = NOW;
        for (const { count, minutes } of arrivals) {
          now += minutes * MINUTE;
          for (const delivery of known.values()) {
            if (delivery.dueAt <= now) known.set(delivery.id, { ...delivery, collecting: false });
          }
          const announcements = Array.from({ length: count }, () => sampleAnnouncement());
          all.push(...announcements.map(({ id }) => id));
          const recent = [...known.values()].filter(({ dueAt }) => dueAt > now - 60 * MINUTE);
          const places = [...route({ announcements, rules: [rule], recent }, now)].entries();
          for (const [place, delivery] of places) {
            const id = known.has(delivery.id) ? delivery.id : `${now}-${known.size}-${place}`;
            known.set(id, { ...delivery, id });
          }
        }
        const times = [...known.values()].map(({ dueAt }) => dueAt).toSorted((a, b) => a - b);
        const late = times.filter((time, place) => {
          const before = times[place - maxPerHour];
          return before !== undefined && time - before < 60 * MINUTE;
        });
        expect(late).toStrictEqual([]);
        expect([...known.values()].flatMap(({ announcementIds }) => announcementIds).toSorted()).toStrictEqual(
          all.toSorted(),
        );
      }),
      { numRuns: 60 },
    );
  });
});

import { DEFAULT_ENVIRONMENT_ID, type Delivery, type Webhook } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryNotifications } from "@lotty/testkit/fakes/memory-notifications";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { STORE_NOW } from "@lotty/testkit/suites/decision-store-fixture";
import {
  sampleAnnouncement,
  sampleDelivery,
  sampleNotificationRule,
  sampleWebhook,
} from "@lotty/testkit/suites/notifications";
import { Webhook as Verifier } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Notifier } from "./notifier.ts";
import { RETRY_WAITS } from "./retry-schedule.ts";
import { createSecretBox } from "./secrets/secret-box.ts";
import { newSigningSecret, sealWebhookSecret } from "./secrets/webhook-secret.ts";
import { AddressPolicy } from "./sending/address-policy.ts";
import { sendMessage } from "./sending/send-message.ts";
import { answering, openReceiver, type Receiver } from "./testing/receiver.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const policy = new AddressPolicy(["127.0.0.1"]);
const box = createSecretBox("a key of at least thirty-two characters");
const secret = newSigningSecret();
const live = new AbortController().signal;

let receiver: Receiver;
let queue: MemoryNotifications;
let clock: ManualClock;
let logger: RecordingLogger;
let notifier: Notifier;
let webhook: Webhook;

beforeEach(async () => {
  receiver = await openReceiver();
  queue = new MemoryNotifications();
  clock = new ManualClock(STORE_NOW);
  logger = new RecordingLogger();
  notifier = newNotifier();
  webhook = sealed(sampleWebhook());
});
afterEach(() => receiver.close());

function newNotifier(): Notifier {
  return new Notifier({
    queue,
    clock,
    logger,
    box,
    ids: new SequentialIds(),
    random: () => 0,
    send: (message, signal) => sendMessage(message, { policy, timeoutMillis: 2_000, signal }),
  });
}

function sealed(bare: Webhook, previous: string | null = null): Webhook {
  const { url } = receiver;
  return { ...bare, sealedSecret: sealWebhookSecret(box, bare.id, { url, secret, previous }) };
}

async function told(): Promise<readonly Delivery[]> {
  return queue.deliveries({ environmentId, limit: 100 });
}

function announce(...kinds: readonly Parameters<typeof sampleAnnouncement>[0][]): void {
  const rule = sampleNotificationRule([webhook.id]);
  queue.apply(environmentId, { putWebhooks: [webhook], putRules: [rule] }, kinds.map(sampleAnnouncement));
}

describe("telling people", () => {
  it("sends what was announced, signed, once", async () => {
    announce({ summary: "green-button was paused.", kind: "experiment.paused" });
    expect(await notifier.step(live)).toBe("done");
    await notifier.step(live);
    expect(receiver.received).toHaveLength(1);
    const { body, headers } = receiver.received[0]!;
    const [delivery] = await told();
    expect(headers["webhook-id"]).toBe(`msg_${delivery?.messageId}`);
    const signature = new Verifier(secret).sign(`msg_${delivery?.messageId}`, new Date(STORE_NOW / 1_000), body);
    expect(headers["webhook-signature"]).toBe(signature);
    expect(JSON.parse(body)).toMatchObject({ type: "experiment.paused" });
    expect(delivery).toMatchObject({ status: "delivered", attempts: [{ status: 204, fault: null }] });
  });

  it("signs with the secret before as well, until its time is over", async () => {
    const previousSecretUntil = STORE_NOW + 1_000_000;
    webhook = { ...sealed(webhook, newSigningSecret()), previousSecretUntil };
    announce({});
    await notifier.step(live);
    expect(receiver.received[0]?.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
    clock.advance(1_000_000);
    announce({});
    await notifier.step(live);
    expect(receiver.received.at(-1)?.headers["webhook-signature"]).toMatch(/^v1,\S+$/);
  });

  it("speaks Slack's language where it is to", async () => {
    webhook = { ...webhook, format: "slack" };
    announce({});
    await notifier.step(live);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({ text: "green-button was started. _(Ada)_" });
  });

  it("tries again by the schedule under the same id, and then gives up", async () => {
    receiver.answer = answering(500, "no");
    announce({});
    await notifier.step(live);
    for (const wait of RETRY_WAITS) {
      clock.advance(wait - 1);
      await notifier.step(live);
      clock.advance(1);
      await notifier.step(live);
    }
    expect(receiver.received).toHaveLength(RETRY_WAITS.length + 1);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"])).size).toBeGreaterThan(9);
    const [delivery] = await told();
    expect(delivery?.status).toBe("failed");
    expect(delivery?.attempts.at(-1)).toMatchObject({ status: 500, fault: expect.any(String), answer: "no" });
    expect(logger.lines.at(-1)).toMatchObject({ level: "warn", event: "delivery_given_up" });
    clock.advance(1e12);
    await notifier.step(live);
    expect(receiver.received).toHaveLength(RETRY_WAITS.length + 1);
  });

  it("delivers once a receiver that was down is back", async () => {
    receiver.answer = answering(503);
    announce({});
    await notifier.step(live);
    receiver.answer = answering(200);
    clock.advance(RETRY_WAITS[0] ?? 0);
    await notifier.step(live);
    expect(await told()).toMatchObject([{ status: "delivered", attempts: [{ status: 503 }, { status: 200 }] }]);
  });

  it("asks a receiver that says it is gone for nothing any more", async () => {
    receiver.answer = answering(410);
    announce({}, {});
    await notifier.step(live);
    const [disabled] = await queue.webhooks(environmentId);
    expect(disabled).toMatchObject({ disabled: true, disabledReason: expect.stringContaining("410") });
    expect((await told()).every(({ status }) => status === "failed")).toBe(true);
    queue.apply(environmentId, {}, [sampleAnnouncement()]);
    clock.advance(1e12);
    await notifier.step(live);
    expect(receiver.received).toHaveLength(2);
  });

  it("has no secret to sign with under another key, says so, and tries again", async () => {
    webhook = {
      ...webhook,
      sealedSecret: createSecretBox("another key, also of thirty-two characters").seal("{}", webhook.id),
    };
    announce({});
    await notifier.step(live);
    expect(receiver.received).toStrictEqual([]);
    expect(await told()).toMatchObject([{ status: "pending", attempts: [{ status: null }] }]);
    expect(logger.lines).toContainEqual(expect.objectContaining({ event: "delivery_not_made" }));
  });

  it("does the same beside others without doing anything twice", async () => {
    announce(...Array.from({ length: 30 }, () => ({})));
    await Promise.all([newNotifier(), newNotifier(), newNotifier()].map(drained));
    expect(receiver.received).toHaveLength(30);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(30);
  });

  it("sends again what a process has left behind that ended in the middle", async () => {
    const ending = new AbortController();
    receiver.answer = () => ending.abort();
    announce({});
    await notifier.step(ending.signal);
    expect(await told()).toMatchObject([{ status: "pending", attempts: [] }]);
    receiver.answer = answering(204);
    await notifier.step(live);
    expect(receiver.received).toHaveLength(1);
    clock.advance(60_000_000);
    await notifier.step(live);
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.headers["webhook-id"]).toBe(receiver.received[0]?.headers["webhook-id"]);
    expect(await told()).toMatchObject([{ status: "delivered" }]);
  });

  it("forgets what is over for long enough", async () => {
    const old = sampleDelivery(webhook.id, { status: "delivered" });
    queue.apply(environmentId, { putWebhooks: [webhook], addDeliveries: [old] }, []);
    await notifier.forget(1);
    expect(await told()).toHaveLength(1);
    clock.advance(86_400_000_001);
    expect(await notifier.forget(1)).toBe("done");
    expect(await told()).toStrictEqual([]);
  });
});

async function drained(each: Notifier): Promise<void> {
  while ((await each.step(live)) === "more");
}

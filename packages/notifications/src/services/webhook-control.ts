import {
  refused,
  runCommand,
  versionMismatch,
  type AnnouncementDraft,
  type Command,
  type CommandResult,
  type Plan,
} from "@lotty/control-plane";
import { MICROS_PER_DAY, type Delivery, type Instant, type Webhook } from "@lotty/domain";
import { newSigningSecret, openWebhookSecret, sealWebhookSecret } from "../secrets/webhook-secret.ts";
import { invalid, nameRefusals } from "./field-refusals.ts";
import type { NotificationPorts } from "./notification-ports.ts";
import { deliveryNotFound, shownWebhook, webhookEntity, webhookNotFound } from "./webhook-records.ts";
import { shownUrl } from "./shown-url.ts";

/** How long the signing secret before the present one signs as well. */
const OLD_SECRET_DAYS = 1;

/** A webhook to be. */
export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly format: Webhook["format"];
}

/** New values of some fields. */
export type WebhookEdit = Partial<NewWebhook> & { readonly disabled?: boolean };

/** A command about a webhook. */
export interface WebhookCommand extends Command {
  readonly webhookId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** A webhook with its signing secret, which is shown this once. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** Everything that can be done with webhooks and deliveries; as `ExperimentControl` is for experiments. */
export interface WebhookControl {
  create(command: Command & { readonly fields: NewWebhook }): Promise<CommandResult<WebhookWithSecret>>;
  edit(command: WebhookCommand & { readonly edit: WebhookEdit }): Promise<CommandResult<Webhook>>;
  /** Makes a new signing secret. The one before signs as well for a day. */
  rotateSecret(command: WebhookCommand): Promise<CommandResult<WebhookWithSecret>>;
  /** Removes a webhook that no rule names, with its deliveries. */
  remove(command: WebhookCommand): Promise<CommandResult<null>>;
  /** Sends it a message that says that it is a test. */
  test(command: WebhookCommand): Promise<CommandResult<Delivery>>;
  /** Sends a message again, under the same message id. */
  replay(command: Command & { readonly deliveryId: string }): Promise<CommandResult<Delivery>>;
}

/** Makes the control of webhooks. */
export function createWebhookControl(ports: NotificationPorts): WebhookControl {
  const { box, ids, notifications, policy } = ports;

  /** Runs a command about a webhook that exists, in the version that the actor has seen. */
  function onWebhook<T>(
    command: WebhookCommand,
    plan: (webhook: Webhook, known: readonly Webhook[], now: Instant) => Plan<T> | Promise<Plan<T>>,
  ): Promise<CommandResult<T>> {
    return runCommand(ports, { ...command, permission: "webhook.edit" }, async ({ now }) => {
      const known = await notifications.webhooks(command.environmentId);
      const webhook = known.find(({ id }) => id === command.webhookId);
      if (webhook === undefined) return refused(webhookNotFound(command.webhookId));
      const mismatch = versionMismatch(webhook.version, command.expectedVersion);
      return mismatch === undefined ? plan(webhook, known, now) : refused(mismatch);
    });
  }

  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "webhook.edit" }, async ({ now }) => {
        const { format, name, url } = command.fields;
        const id = ids.next(now);
        const fault = policy.faultOfUrl(url);
        const refusals = [
          ...nameRefusals({ id, name }, await notifications.webhooks(command.environmentId)),
          ...(fault === undefined ? [] : [invalid("url", fault)]),
        ];
        if (refusals.length > 0) return refused(...refusals);
        const secret = newSigningSecret();
        const webhook: Webhook = {
          id,
          name,
          format,
          shownUrl: shownUrl(url),
          sealedSecret: sealWebhookSecret(box, id, { url, secret, previous: null }),
          previousSecretUntil: null,
          disabled: false,
          disabledReason: null,
          version: 1,
          updatedAt: now,
        };
        return planWebhook("webhook.create", { before: null, after: webhook }, { webhook, secret });
      }),
    edit: (command) =>
      onWebhook(command, (before, known, now) => {
        const { disabled = before.disabled, format = before.format, name = before.name, url } = command.edit;
        const fault = url === undefined ? undefined : policy.faultOfUrl(url);
        const refusals = [
          ...nameRefusals({ id: before.id, name }, known),
          ...(fault === undefined ? [] : [invalid("url", fault)]),
        ];
        if (refusals.length > 0) return refused(...refusals);
        const opened = openWebhookSecret(box, before);
        const isSame = name === before.name && format === before.format && disabled === before.disabled;
        if (isSame && (url === undefined || url === opened.url)) {
          return refused({ code: "nothing_changed", message: "Everything is so already." });
        }
        const after: Webhook = {
          ...before,
          name,
          format,
          disabled,
          disabledReason: disabled ? (before.disabledReason ?? `${command.actor.name} has switched it off.`) : null,
          ...(url !== undefined && {
            shownUrl: shownUrl(url),
            sealedSecret: sealWebhookSecret(box, before.id, { ...opened, url }),
          }),
          version: before.version + 1,
          updatedAt: now,
        };
        return planWebhook("webhook.edit", { before, after }, after);
      }),
    rotateSecret: (command) =>
      onWebhook(command, (before, _known, now) => {
        const opened = openWebhookSecret(box, before);
        const secret = newSigningSecret();
        const after: Webhook = {
          ...before,
          sealedSecret: sealWebhookSecret(box, before.id, { url: opened.url, secret, previous: opened.secret }),
          previousSecretUntil: now + OLD_SECRET_DAYS * MICROS_PER_DAY,
          version: before.version + 1,
          updatedAt: now,
        };
        return planWebhook("webhook.rotate_secret", { before, after }, { webhook: after, secret });
      }),
    remove: (command) =>
      onWebhook(command, async (webhook) => {
        const rules = await notifications.notificationRules(command.environmentId);
        const by = rules.filter(({ webhookIds }) => webhookIds.includes(webhook.id)).map(({ name }) => name);
        if (by.length > 0) {
          return refused({ code: "in_use", message: `Rules tell it something: ${by.join(", ")}.`, by });
        }
        return {
          status: "planned",
          change: { notifications: { removeWebhookIds: [webhook.id] } },
          audit: [
            { action: "webhook.remove", entity: webhookEntity(webhook), before: shownWebhook(webhook), after: null },
          ],
          result: null,
        };
      }),
    test: (command) =>
      onWebhook(command, (webhook, _known, now) => {
        const announcementId = ids.next(now);
        const delivery = newDelivery(ids.next(now), webhook.id, { now, announcementIds: [announcementId] });
        return {
          status: "planned",
          change: { notifications: { addDeliveries: [delivery] } },
          announcements: [testAnnouncement(announcementId, webhook)],
          audit: [{ action: "webhook.test", entity: webhookEntity(webhook), before: null, after: { delivery } }],
          result: delivery,
        };
      }),
    replay: (command) =>
      runCommand(ports, { ...command, permission: "webhook.edit" }, async ({ now }) => {
        const { deliveryId, environmentId } = command;
        const original = await notifications.delivery(environmentId, deliveryId);
        const webhooks = await notifications.webhooks(environmentId);
        const webhook = webhooks.find(({ id }) => id === original?.webhookId);
        if (original === undefined || webhook === undefined) return refused(deliveryNotFound(deliveryId));
        if (original.status === "pending") {
          const message = "The delivery is still to be made; it will be tried again by itself.";
          return refused({ code: "in_use", message, by: [original.id] });
        }
        const delivery: Delivery = {
          ...newDelivery(ids.next(now), webhook.id, { now, announcementIds: original.announcementIds }),
          messageId: original.messageId,
          replayOf: original.id,
        };
        return {
          status: "planned",
          change: { notifications: { addDeliveries: [delivery] } },
          audit: [{ action: "delivery.replay", entity: webhookEntity(webhook), before: null, after: { delivery } }],
          result: delivery,
        };
      }),
  };
}

function testAnnouncement(id: string, { name }: Webhook): AnnouncementDraft {
  return {
    id,
    kind: "webhook.test",
    experiment: null,
    tags: [],
    summary: `This is a test of the webhook ${name}.`,
    facts: { webhook: name },
  };
}

function planWebhook<T>(
  action: string,
  { after, before }: { readonly before: Webhook | null; readonly after: Webhook },
  result: T,
): Plan<T> {
  return {
    status: "planned",
    change: { notifications: { putWebhooks: [after] } },
    audit: [
      {
        action,
        entity: webhookEntity(after),
        before: before === null ? null : shownWebhook(before),
        after: shownWebhook(after),
      },
    ],
    result,
  };
}

function newDelivery(
  id: string,
  webhookId: string,
  { announcementIds, now }: { readonly now: Instant; readonly announcementIds: readonly string[] },
): Delivery {
  return {
    id,
    messageId: id,
    webhookId,
    ruleId: null,
    replayOf: null,
    status: "pending",
    announcementIds,
    collecting: false,
    createdAt: now,
    dueAt: now,
    attempts: [],
  };
}

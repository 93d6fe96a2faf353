import {
  type AnnouncementKind,
  type Delivery,
  type DeliveryStatus,
  formatInstant,
  type NotificationRule,
  type Webhook,
  type WebhookFormat,
} from "@lotty/domain";

/** A webhook on the wire. */
export interface WebhookResponse {
  readonly id: string;
  readonly name: string;
  readonly format: WebhookFormat;
  readonly url: string;
  readonly previous_secret_until: string | null;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly version: number;
  readonly updated_at: string;
}

/** A rule of notifications on the wire. */
export interface NotificationRuleResponse {
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
  readonly updated_at: string;
}

/** A delivery on the wire. */
export interface DeliveryResponse {
  readonly id: string;
  readonly message_id: string;
  readonly webhook_id: string;
  readonly rule_id: string | null;
  readonly replay_of: string | null;
  readonly status: DeliveryStatus;
  readonly collecting: boolean;
  readonly announcement_ids: readonly string[];
  readonly created_at: string;
  readonly due_at: string;
  readonly attempts: readonly {
    readonly at: string;
    readonly millis: number;
    readonly status: number | null;
    readonly fault: string | null;
    readonly answer: string;
  }[];
}

/** A webhook for the wire. */
export function presentWebhook(webhook: Webhook): WebhookResponse {
  const { previousSecretUntil: until } = webhook;
  return {
    id: webhook.id,
    name: webhook.name,
    format: webhook.format,
    url: webhook.shownUrl,
    previous_secret_until: until === null ? null : formatInstant(until),
    disabled: webhook.disabled,
    disabled_reason: webhook.disabledReason,
    version: webhook.version,
    updated_at: formatInstant(webhook.updatedAt),
  };
}

/** A rule of notifications for the wire. */
export function presentNotificationRule(rule: NotificationRule): NotificationRuleResponse {
  return {
    id: rule.id,
    name: rule.name,
    enabled: rule.enabled,
    kinds: rule.kinds,
    experiment_ids: rule.experimentIds,
    tags: rule.tags,
    webhook_ids: rule.webhookIds,
    digest_minutes: rule.digestMinutes,
    max_per_hour: rule.maxPerHour,
    version: rule.version,
    updated_at: formatInstant(rule.updatedAt),
  };
}

/** A delivery for the wire. */
export function presentDelivery(delivery: Delivery): DeliveryResponse {
  return {
    id: delivery.id,
    message_id: `msg_${delivery.messageId}`,
    webhook_id: delivery.webhookId,
    rule_id: delivery.ruleId,
    replay_of: delivery.replayOf,
    status: delivery.status,
    collecting: delivery.collecting,
    announcement_ids: delivery.announcementIds,
    created_at: formatInstant(delivery.createdAt),
    due_at: formatInstant(delivery.dueAt),
    attempts: delivery.attempts.map(({ answer, at, fault, millis, status }) => ({
      at: formatInstant(at),
      millis,
      status,
      fault,
      answer,
    })),
  };
}

import type { AnnouncementKind } from "./announcement.ts";
import type { Instant } from "./instant.ts";

/** What a webhook is sent: messages by the Standard Webhooks specification, or texts as Slack's incoming webhooks take them. */
export const WEBHOOK_FORMATS = ["standard", "slack"] as const;

/** One of {@link WEBHOOK_FORMATS}. */
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** Where people are told something. */
export interface Webhook {
  /** Lower-case UUID. */
  readonly id: string;
  /** Unique in its environment. */
  readonly name: string;
  readonly format: WebhookFormat;
  /** Its address as it may be shown: without what lets others post there. */
  readonly shownUrl: string;
  /** Address and signing secrets, sealed. Never shown. */
  readonly sealedSecret: string;
  /** When the secret before the present one stops signing as well; `null` when there is none. */
  readonly previousSecretUntil: Instant | null;
  /** Whether nothing is sent to it: people said so, or the receiver has answered that it is gone. */
  readonly disabled: boolean;
  /** Why it is disabled, in one sentence; `null` while it is not. */
  readonly disabledReason: string | null;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}

/** Longest that announcements are collected, in minutes: a week. */
export const MAX_DIGEST_MINUTES = 10_080;

/** Most messages to one webhook within an hour that a rule may allow. */
export const MAX_MESSAGES_PER_HOUR = 1_000;

/** What is told where, and how often. Empty lists take everything. */
export interface NotificationRule {
  /** Lower-case UUID. */
  readonly id: string;
  /** Unique in its environment. */
  readonly name: string;
  readonly enabled: boolean;
  readonly kinds: readonly AnnouncementKind[];
  readonly experimentIds: readonly string[];
  /** At least one of them has to be a tag of the announcement. */
  readonly tags: readonly string[];
  /** At least one. */
  readonly webhookIds: readonly string[];
  /** How long announcements are collected before they are sent together, in minutes; 0 sends each at once. */
  readonly digestMinutes: number;
  /** Most messages to one webhook within 60 minutes; what comes on top is collected into one more. `null` for no limit. */
  readonly maxPerHour: number | null;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}

/** What can become of a delivery. */
export const DELIVERY_STATUSES = ["pending", "delivered", "failed"] as const;

/** One of {@link DELIVERY_STATUSES}. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One attempt at a delivery. */
export interface DeliveryAttempt {
  readonly at: Instant;
  /** How long it took. */
  readonly millis: number;
  /** The receiver's HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** What went wrong, in one sentence; `null` when nothing did. */
  readonly fault: string | null;
  /** The first characters of the answer's body. */
  readonly answer: string;
}

/** A message on its way to a webhook, or at its end. */
export interface Delivery {
  /** UUIDv7. */
  readonly id: string;
  /** Names the message to its receiver: the same for every attempt, and for replays. */
  readonly messageId: string;
  readonly webhookId: string;
  /** The rule it was made by; `null` for tests and replays. */
  readonly ruleId: string | null;
  /** The delivery that this one repeats; `null` for all others. */
  readonly replayOf: string | null;
  readonly status: DeliveryStatus;
  /** What it tells, in order. */
  readonly announcementIds: readonly string[];
  /** Whether announcements may still join it, until it is due. */
  readonly collecting: boolean;
  readonly createdAt: Instant;
  /** When it is to be tried next, or was for the last time. */
  readonly dueAt: Instant;
  /** Oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

import type { AnnouncementKind, NotificationRule, Webhook } from "@lotty/domain";

/** A notification rule as a file states it. Lists are sorted, each element once; empty ones take everything. */
export interface NotificationRuleDefinition {
  readonly name: string;
  readonly enabled: boolean;
  readonly kinds: readonly AnnouncementKind[];
  /** Keys of experiments, which the same file states, or ids of those that are gone. */
  readonly experiments: readonly string[];
  readonly tags: readonly string[];
  /** Names of webhooks, of which files say nothing else: their addresses and secrets are no text for files. */
  readonly webhooks: readonly string[];
  readonly digestMinutes: number;
  readonly maxPerHour: number | null;
}

/** What is told where, as it is stored. */
export interface StoredNotifications {
  readonly webhooks: readonly Pick<Webhook, "id" | "name">[];
  readonly rules: readonly NotificationRule[];
}

/** Nobody is told anything. */
export const NOBODY_TOLD: StoredNotifications = { webhooks: [], rules: [] };

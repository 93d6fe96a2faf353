import { compareCodePoints, LottyError, type JsonObject, type NotificationRule } from "@lotty/domain";
import type { RecordStamp } from "../build-records.ts";
import { type KindPlan, planKind } from "../plan-kind.ts";
import type { NotificationRuleDefinition, StoredNotifications } from "./notification-rule-definition.ts";

/** What notification rules are planned from. */
export interface RulesToPlan {
  readonly wanted: readonly NotificationRuleDefinition[];
  readonly stored: StoredNotifications;
  /** Keys by id of the experiments that are stored. */
  readonly experimentKeys: ReadonlyMap<string, string>;
  /** The id of an experiment of the file by its key; `undefined` where it states none. */
  readonly experimentId: (key: string) => string | undefined;
  readonly prune: boolean;
  readonly stamp: RecordStamp;
}

/** What is to be done with notification rules. */
export type RulesPlan = Pick<KindPlan<NotificationRuleDefinition, NotificationRule>, "put" | "rest" | "summary">;

/**
 * Compares the notification rules of a file with those that are stored.
 *
 * @throws LottyError `invalid_definition` when there is no webhook of a name that a rule tells
 */
export function planNotificationRules(given: RulesToPlan): RulesPlan {
  const { experimentId, experimentKeys, prune, stamp, stored, wanted } = given;
  const webhookIds = new Map(stored.webhooks.map(({ id, name }) => [name, id]));
  for (const rule of wanted) refuseUnknownWebhooks(rule, webhookIds);
  const plan = planKind({
    kind: "notification_rule",
    wanted: wanted.map(keyed),
    stored: stored.rules.map(keyed),
    prune,
    fields: printNotificationRule,
    describe: (rule) => keyed(describeNotificationRule(rule, stored, experimentKeys)),
    build: ({ experiments, key: _key, webhooks, ...said }, before) =>
      keyed({
        id: before?.id ?? stamp.newId("notification_rule", said.name),
        ...said,
        experimentIds: experiments.map((key) => experimentId(key) ?? key),
        webhookIds: webhooks.flatMap((name) => webhookIds.get(name) ?? []),
        version: (before?.version ?? 0) + 1,
        updatedAt: stamp.now,
      }),
  });
  return { put: plan.put.map(unkeyed), rest: plan.rest.map(unkeyed), summary: plan.summary };
}

/** A stored notification rule as a file would state it. */
export function describeNotificationRule(
  rule: NotificationRule,
  { webhooks }: StoredNotifications,
  experimentKeys: ReadonlyMap<string, string>,
): NotificationRuleDefinition {
  const names = new Map(webhooks.map(({ id, name }) => [id, name]));
  return {
    name: rule.name,
    enabled: rule.enabled,
    kinds: rule.kinds.toSorted(compareCodePoints),
    experiments: rule.experimentIds.map((id) => experimentKeys.get(id) ?? id).toSorted(compareCodePoints),
    tags: rule.tags.toSorted(compareCodePoints),
    webhooks: rule.webhookIds.map((id) => names.get(id) ?? id).toSorted(compareCodePoints),
    digestMinutes: rule.digestMinutes,
    maxPerHour: rule.maxPerHour,
  };
}

/** A notification rule in the words of a file; nothing is written that says what would be so without it. */
export function printNotificationRule(rule: NotificationRuleDefinition): JsonObject {
  const { digestMinutes, enabled, experiments, kinds, maxPerHour, name, tags, webhooks } = rule;
  return {
    name,
    ...(!enabled && { enabled }),
    webhooks,
    ...(kinds.length > 0 && { kinds }),
    ...(experiments.length > 0 && { experiments }),
    ...(tags.length > 0 && { tags }),
    ...(digestMinutes !== 0 && { digest_minutes: digestMinutes }),
    ...(maxPerHour !== null && { max_per_hour: maxPerHour }),
  };
}

function refuseUnknownWebhooks(
  { name: rule, webhooks }: NotificationRuleDefinition,
  known: ReadonlyMap<string, string>,
): void {
  const unknown = webhooks.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new LottyError(
    "invalid_definition",
    `there is no webhook \`${unknown}\`, which the notification rule \`${rule}\` tells`,
    {
      details: {
        notification_rule: rule,
        webhook: unknown,
        advice: `Add it first: \`lotty webhook add ${unknown}\`. Files have no addresses and secrets of webhooks.`,
      },
    },
  );
}

function keyed<T extends { readonly name: string }>(rule: T): T & { readonly key: string } {
  return { ...rule, key: rule.name };
}

function unkeyed({ key: _key, ...rule }: NotificationRule & { readonly key: string }): NotificationRule {
  return rule;
}

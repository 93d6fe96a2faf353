import {
  refused,
  runCommand,
  versionMismatch,
  type Command,
  type CommandResult,
  type Plan,
  type Refusal,
} from "@lotty/control-plane";
import {
  MAX_DIGEST_MINUTES,
  MAX_MESSAGES_PER_HOUR,
  type AuditEntry,
  type Configuration,
  type NotificationRule,
  type Webhook,
} from "@lotty/domain";
import { invalid, nameRefusals } from "./field-refusals.ts";
import type { NotificationPorts } from "./notification-ports.ts";

/** What people say of a rule. */
export type RuleFields = Omit<NotificationRule, "id" | "version" | "updatedAt">;

/** A command about a rule. */
export interface RuleCommand extends Command {
  readonly ruleId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** Everything that can be done with rules of notifications; as `ExperimentControl` is for experiments. */
export interface RuleControl {
  create(command: Command & { readonly fields: RuleFields }): Promise<CommandResult<NotificationRule>>;
  edit(
    command: RuleCommand & { readonly expectedVersion: number; readonly edit: Partial<RuleFields> },
  ): Promise<CommandResult<NotificationRule>>;
  remove(command: RuleCommand): Promise<CommandResult<null>>;
}

/** Makes the control of rules. */
export function createRuleControl(ports: NotificationPorts): RuleControl {
  const { ids, notifications } = ports;
  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "notification_rule.edit" }, async ({ configuration, now }) => {
        const rule: NotificationRule = { ...command.fields, id: ids.next(now), version: 1, updatedAt: now };
        const known = await notifications.notificationRules(command.environmentId);
        const webhooks = await notifications.webhooks(command.environmentId);
        const refusals = ruleRefusals(rule, { known, webhooks, configuration });
        return refusals.length > 0 ? refused(...refusals) : planRule("notification_rule.create", null, rule);
      }),
    edit: (command) =>
      runCommand(ports, { ...command, permission: "notification_rule.edit" }, async ({ configuration, now }) => {
        const known = await notifications.notificationRules(command.environmentId);
        const before = known.find(({ id }) => id === command.ruleId);
        if (before === undefined) return refused(ruleNotFound(command.ruleId));
        const mismatch = versionMismatch(before.version, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const edited: NotificationRule = { ...before, ...command.edit };
        if (JSON.stringify(edited) === JSON.stringify(before)) {
          return refused({ code: "nothing_changed", message: "Everything is so already." });
        }
        const after = { ...edited, version: before.version + 1, updatedAt: now };
        const webhooks = await notifications.webhooks(command.environmentId);
        const refusals = ruleRefusals(after, { known, webhooks, configuration });
        return refusals.length > 0 ? refused(...refusals) : planRule("notification_rule.edit", before, after);
      }),
    remove: (command) =>
      runCommand(ports, { ...command, permission: "notification_rule.edit" }, async () => {
        const known = await notifications.notificationRules(command.environmentId);
        const rule = known.find(({ id }) => id === command.ruleId);
        if (rule === undefined) return refused(ruleNotFound(command.ruleId));
        const mismatch = versionMismatch(rule.version, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        return {
          status: "planned",
          change: { notifications: { removeRuleIds: [rule.id] } },
          audit: [{ action: "notification_rule.remove", entity: entityOf(rule), before: rule, after: null }],
          result: null,
        };
      }),
  };
}

function planRule(action: string, before: NotificationRule | null, after: NotificationRule): Plan<NotificationRule> {
  return {
    status: "planned",
    change: { notifications: { putRules: [after] } },
    audit: [{ action, entity: entityOf(after), before, after }],
    result: after,
  };
}

interface Surroundings {
  readonly known: readonly NotificationRule[];
  readonly webhooks: readonly Webhook[];
  readonly configuration: Configuration;
}

function ruleRefusals(rule: NotificationRule, { configuration, known, webhooks }: Surroundings): readonly Refusal[] {
  const { digestMinutes, experimentIds, maxPerHour, webhookIds } = rule;
  const refusals = [...nameRefusals(rule, known)];
  const noWebhook = webhookIds.find((id) => webhooks.every((webhook) => webhook.id !== id));
  if (webhookIds.length === 0) refusals.push(invalid("webhookIds", "A rule tells at least one webhook."));
  if (noWebhook !== undefined) refusals.push(invalid("webhookIds", `There is no webhook ${noWebhook}.`));
  const noExperiment = experimentIds.find((id) => configuration.experiments.every((each) => each.id !== id));
  if (noExperiment !== undefined) refusals.push(invalid("experimentIds", `There is no experiment ${noExperiment}.`));
  if (!isWithin(digestMinutes, 0, MAX_DIGEST_MINUTES)) {
    refusals.push(invalid("digestMinutes", `Whole minutes from 0 to ${MAX_DIGEST_MINUTES}, a week.`));
  }
  if (maxPerHour !== null && !isWithin(maxPerHour, 1, MAX_MESSAGES_PER_HOUR)) {
    refusals.push(invalid("maxPerHour", `A whole number from 1 to ${MAX_MESSAGES_PER_HOUR}, or null for no limit.`));
  }
  return refusals;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function entityOf({ id, name }: NotificationRule): AuditEntry["entity"] {
  return { kind: "notification_rule", id, key: name };
}

function ruleNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no notification rule ${id}.`, kind: "notification_rule", id };
}

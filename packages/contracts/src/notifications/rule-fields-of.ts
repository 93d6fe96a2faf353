import type { NotificationRule } from "@lotty/domain";
import type { NewNotificationRuleRequest, NotificationRuleEditRequest } from "./notification-requests.ts";

/** What people say of a rule. */
type RuleFields = Omit<NotificationRule, "id" | "version" | "updatedAt">;

/** The rule that a request is for. */
export function ruleFieldsOf(request: NewNotificationRuleRequest): RuleFields {
  const { digest_minutes, enabled, experiment_ids, kinds, max_per_hour, name, tags, webhook_ids } = request;
  return {
    name,
    enabled,
    kinds,
    experimentIds: experiment_ids,
    tags,
    webhookIds: webhook_ids,
    digestMinutes: digest_minutes,
    maxPerHour: max_per_hour,
  };
}

/** The edit of a rule that a request is for. */
export function ruleEditOf(request: NotificationRuleEditRequest): Partial<RuleFields> {
  const { digest_minutes, enabled, experiment_ids, kinds, max_per_hour, name, tags, webhook_ids } = request;
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(kinds !== undefined && { kinds }),
    ...(experiment_ids !== undefined && { experimentIds: experiment_ids }),
    ...(tags !== undefined && { tags }),
    ...(webhook_ids !== undefined && { webhookIds: webhook_ids }),
    ...(digest_minutes !== undefined && { digestMinutes: digest_minutes }),
    ...(max_per_hour !== undefined && { maxPerHour: max_per_hour }),
  };
}

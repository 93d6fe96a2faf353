import type { Announcement, NotificationRule } from "@lotty/domain";

/** Whether a rule tells an announcement. Empty lists take everything; who switched the rule off is up to the caller. */
export function matches(rule: NotificationRule, announcement: Announcement): boolean {
  const { experimentIds, kinds, tags } = rule;
  const { experiment, kind } = announcement;
  if (kinds.length > 0 && !kinds.includes(kind)) return false;
  if (experimentIds.length > 0 && (experiment === null || !experimentIds.includes(experiment.id))) return false;
  return tags.length === 0 || announcement.tags.some((tag) => tags.includes(tag));
}

/** What fields are called on the wire, where that differs. */
const WIRE_NAMES: ReadonlyMap<string, string> = new Map([
  ["defaultValue", "default"],
  ["durationDays", "duration_days"],
  ["flagId", "flag_id"],
  ["digestMinutes", "digest_minutes"],
  ["experimentIds", "experiment_ids"],
  ["isControl", "is_control"],
  ["maxPerHour", "max_per_hour"],
  ["minimumEffect", "minimum_effect"],
  ["minimumSubjects", "minimum_subjects"],
  ["plannedDays", "planned_days"],
  ["plannedSubjects", "planned_subjects"],
  ["stickyAssignment", "sticky_assignment"],
  ["targetingRules", "rule"],
  ["trafficAllocation", "traffic_allocation"],
  ["valueSchema", "schema"],
  ["valueType", "type"],
  ["webhookIds", "webhook_ids"],
]);

/** The path of a field, such as `rules.0.targetingRules`, as requests and answers write it. */
export function wireField(path: string): string {
  return path
    .split(".")
    .map((step) => WIRE_NAMES.get(step) ?? step)
    .join(".");
}

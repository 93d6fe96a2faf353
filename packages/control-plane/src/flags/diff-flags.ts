import type { Flag, JsonValue } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";

/** A field that differs between two versions of a flag. */
export interface FlagDifference {
  readonly field: "key" | "valueType" | "defaultValue" | "enabled" | "rules";
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** What changed from one version of a flag to another, field by field; versions and times aside. */
export function diffFlags(before: Flag, after: Flag): readonly FlagDifference[] {
  const [old, now] = [comparable(before), comparable(after)];
  return FIELDS.filter((field) => canonicalJson(old[field]) !== canonicalJson(now[field])).map((field) => ({
    field,
    before: old[field],
    after: now[field],
  }));
}

const FIELDS = ["key", "valueType", "defaultValue", "enabled", "rules"] as const;

function comparable(flag: Flag): Readonly<Record<FlagDifference["field"], JsonValue>> {
  const { key, valueType, defaultValue, enabled } = flag;
  const rules = flag.rules.map(({ id, targetingRules, value, rollout }) => ({ id, targetingRules, value, rollout }));
  return { key, valueType, defaultValue, enabled, rules };
}

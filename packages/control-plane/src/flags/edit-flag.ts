import type { Flag, FlagDetails, FlagRule, FlagValueType, JsonValue } from "@lotty/domain";
import { compareCodePoints } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";
import { diffFlags } from "./diff-flags.ts";

/** A rule as it is to be: with the id of one that the flag has, or as a new one. */
export type FlagRuleEdit = Omit<FlagRule, "id"> & { readonly id?: string };

/** New values of some fields. A flag keeps its key: callers ask by it. */
export interface FlagEdit {
  readonly valueType?: FlagValueType;
  readonly defaultValue?: JsonValue;
  readonly enabled?: boolean;
  readonly rules?: readonly FlagRuleEdit[];
  readonly description?: string | null;
  readonly owner?: string | null;
  readonly tags?: readonly string[];
  readonly valueSchema?: JsonValue;
}

/** A flag with what is said about it. */
export interface DescribedFlag {
  readonly flag: Flag;
  readonly details: FlagDetails;
}

/** Applies an edit, without raising the version. Takes nothing from it but the fields of {@link FlagEdit}. */
export function withFlagEdit({ flag, details }: DescribedFlag, edit: FlagEdit, newId: () => string): DescribedFlag {
  const known = new Set(flag.rules.map(({ id }) => id));
  const rules = edit.rules?.map(({ id, targetingRules, value, rollout }) => ({
    // A rule's id is the salt of its rollout; one from outside could be another rule's.
    id: id !== undefined && known.has(id) ? id : newId(),
    targetingRules,
    value,
    rollout,
  }));
  return {
    flag: {
      ...flag,
      valueType: edit.valueType ?? flag.valueType,
      defaultValue: edit.defaultValue === undefined ? flag.defaultValue : edit.defaultValue,
      enabled: edit.enabled ?? flag.enabled,
      rules: rules ?? flag.rules,
    },
    details: {
      ...details,
      description: edit.description === undefined ? details.description : edit.description,
      owner: edit.owner === undefined ? details.owner : edit.owner,
      tags: edit.tags === undefined ? details.tags : [...new Set(edit.tags)].toSorted(compareCodePoints),
      valueSchema: edit.valueSchema === undefined ? details.valueSchema : edit.valueSchema,
    },
  };
}

/** Whether two forms of a flag say the same. */
export function isSameFlag(one: DescribedFlag, other: DescribedFlag): boolean {
  return diffFlags(one.flag, other.flag).length === 0 && isSameSaying(one.details, other.details);
}

/** Whether two forms of a flag take the same values. */
export function isSameValueKind(one: DescribedFlag, other: DescribedFlag): boolean {
  const isSameSchema = canonicalJson(one.details.valueSchema) === canonicalJson(other.details.valueSchema);
  return one.flag.valueType === other.flag.valueType && isSameSchema;
}

/** Whether the same is said about a flag. */
export function isSameSaying(one: FlagDetails, other: FlagDetails): boolean {
  return canonicalJson({ ...one }) === canonicalJson({ ...other });
}

/** What is said about a flag of which nothing was ever said, such as one from a definitions file. */
export function newFlagDetails(flagId: string): FlagDetails {
  return { flagId, description: null, owner: null, tags: [], valueSchema: null, archivedAt: null };
}

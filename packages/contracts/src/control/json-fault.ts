import { attributesFault } from "../attributes-fault.ts";
import { MAX_ATTRIBUTE_DEPTH, MAX_ATTRIBUTE_ENTRIES, MAX_ATTRIBUTE_NAME_LENGTH } from "../limits.ts";

/**
 * What is wrong with a value as `JSON.parse` gives it; `undefined` when it can be stored. The limits are those of attributes, with
 * one level less.
 */
export function jsonFault(value: unknown): string | undefined {
  switch (attributesFault({ value })) {
    case undefined:
      return isStorable(value) ? undefined : "must not contain the character U+0000 or half of a surrogate pair";
    case "too_deep":
      return `must be nested at most ${MAX_ATTRIBUTE_DEPTH - 1} levels deep`;
    case "too_many_entries":
      return `must have at most ${MAX_ATTRIBUTE_ENTRIES - 1} entries over all levels`;
    case "name_too_long":
      return `must have no name longer than ${MAX_ATTRIBUTE_NAME_LENGTH} characters`;
    case "not_an_object":
      return "must be JSON";
  }
}

/** Whether every text in a value, which has passed the limits of depth, is one that the database takes. */
function isStorable(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner));
}

import type { JsonValue } from "@lotty/domain";
import { canonicalJson, canonicalNumber } from "./canonical-json.ts";

/**
 * The text form of a value in a decision row, as the reference stores it: nothing for null, `True` and `False`, numbers
 * in their canonical form, texts unchanged. Lists and objects, of which the reference says nothing, as canonical JSON.
 */
export function persistedValue(value: JsonValue): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? canonicalNumber(value) : canonicalJson(value);
}

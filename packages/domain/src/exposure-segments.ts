import { compareCodePoints } from "./code-points.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";

/** Most properties of an exposure by which results can be split. */
const MAX_SEGMENTS = 20;

/** Longest name and text of one, in UTF-16 units. */
const MAX_NAME_LENGTH = 64;
const MAX_TEXT_LENGTH = 256;

/**
 * What of an exposure's properties results can be split by: texts, numbers and booleans as texts, those with the first 20 names in
 * code-point order. Longer ones, lists and objects are left out.
 */
export function exposureSegments(properties: JsonObject): Readonly<Record<string, string>> {
  const segments = Object.entries(properties).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined || name.length > MAX_NAME_LENGTH ? [] : [[name, text] as const];
  });
  return Object.fromEntries(segments.toSorted(([a], [b]) => compareCodePoints(a, b)).slice(0, MAX_SEGMENTS));
}

function textOf(value: JsonValue): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.length <= MAX_TEXT_LENGTH ? value : undefined;
}

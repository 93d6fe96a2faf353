import { isJsonObject, type JsonObject, type JsonValue } from "@lotty/domain";

/** A value as an object; an empty one for anything else. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A value as a list; an empty one for anything else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}

/** A value as text; an empty one for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Whether a value is a list. The library's own test forgets that the list is of JSON values. */
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

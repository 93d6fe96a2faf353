import type { JsonObject } from "@lotty/domain";

const NOTHING: JsonObject = Object.freeze({});

/** The object in a column of type `json`, which holds nothing but JSON; an empty one for anything else. */
export function jsonObjectOf(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

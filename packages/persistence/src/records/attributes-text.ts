import { createHash } from "node:crypto";
import type { JsonObject } from "@lotty/domain";

/** The digest of a subject that has no attributes, which needs no set on record to be known. */
export const DIGEST_OF_NONE: string = createHash("sha256").update("{}").digest("hex");

/** Reads attributes from their canonical text; `null` for what is no JSON object, such as numbers beyond all bounds. */
export function readAttributes(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** `JSON.parse` makes nothing but JSON. */
function isJsonObject(parsed: unknown): parsed is JsonObject {
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
}

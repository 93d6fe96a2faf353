import type { ChangeNotice } from "@lotty/domain";
import { parseJson } from "./parse-json.ts";

/** A change notice as a message. */
export function encodeChangeNotice(notice: ChangeNotice): string {
  return JSON.stringify({ environment_id: notice.environmentId, revision: notice.revision });
}

/** Reads a message; `undefined` when it is no change notice. Further fields are left alone. */
export function decodeChangeNotice(message: string): ChangeNotice | undefined {
  const value = parseJson(message);
  if (typeof value !== "object" || value === null) return undefined;
  if (!("environment_id" in value) || typeof value.environment_id !== "string") return undefined;
  if (!("revision" in value) || typeof value.revision !== "number") return undefined;
  if (!Number.isSafeInteger(value.revision) || value.revision < 0) return undefined;
  return { environmentId: value.environment_id, revision: value.revision };
}

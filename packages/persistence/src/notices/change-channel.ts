import type { ChangeNotice } from "@lotty/domain";

/** The NOTIFY channel on which changes of the configuration are told. */
export const CHANGE_CHANNEL = "lotty_configuration";

/** Writes a notice as the payload of a notification. */
export function encodeNotice({ environmentId, revision }: ChangeNotice): string {
  return JSON.stringify([environmentId, revision]);
}

/** Reads a payload; `undefined` for one that is not a notice: anyone in the database may send on a channel. */
export function decodeNotice(payload: string): ChangeNotice | undefined {
  try {
    const fields: unknown = JSON.parse(payload);
    if (!Array.isArray(fields)) return undefined;
    const environmentId: unknown = fields[0];
    const revision: unknown = fields[1];
    if (typeof environmentId !== "string" || typeof revision !== "number") return undefined;
    return Number.isSafeInteger(revision) ? { environmentId, revision } : undefined;
  } catch {
    return undefined;
  }
}

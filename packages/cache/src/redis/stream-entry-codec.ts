import type { DeadLetter, StreamEntry } from "@lotty/domain";
import { decodeDecision, DECISION_FORMAT } from "../codecs/decision-codec.ts";

/** Reads one entry as the server returns it: `[id, [name, value, ...]]`; `undefined` when it is nothing of the kind. */
export function readStreamEntry(reply: unknown, deliveries: number): StreamEntry | undefined {
  const item = readItem(reply);
  return item && { id: item.id, decision: readDecision(item.fields), deliveries };
}

/** Reads a dead letter: its own two fields, then the fields of the entry as they were. */
export function readDeadLetter(reply: unknown): DeadLetter | undefined {
  const item = readItem(reply);
  if (item === undefined) return undefined;
  const [, reason = "", , , ...fields] = item.fields;
  const payload = fieldOf(fields, "d");
  return { id: item.id, reason, payload: payload ?? JSON.stringify(fields) };
}

function readDecision(fields: readonly string[]): StreamEntry["decision"] {
  const format = fieldOf(fields, "v");
  const payload = fieldOf(fields, "d");
  if (format === undefined || payload === undefined) return { malformed: "the entry has no version or no payload" };
  if (format !== DECISION_FORMAT) return { malformed: `the entry has the unknown version ${JSON.stringify(format)}` };
  return decodeDecision(payload);
}

function readItem(reply: unknown): { readonly id: string; readonly fields: readonly string[] } | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [id, fields] = reply as unknown[];
  if (typeof id !== "string") return undefined;
  return { id, fields: Array.isArray(fields) ? fields.map(String) : [] };
}

function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (fields[index] === name) return fields[index + 1];
  }
  return undefined;
}

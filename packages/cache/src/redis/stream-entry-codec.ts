import { MICROS_PER_MILLI, type DeadLetter, type StreamEntry } from "@lotty/domain";
import { decodeDecision, DECISION_FORMAT } from "../codecs/decision-codec.ts";
import { inShard } from "./shard-id.ts";

/** Reads one entry as the server returns it: `[id, [name, value, ...]]`; `undefined` when it is nothing of the kind. */
export function readStreamEntry(reply: unknown, deliveries: number): StreamEntry | undefined {
  const item = readItem(reply);
  return item && { id: item.id, decision: readDecision(item.fields), deliveries };
}

/**
 * Reads a dead letter: its own three fields, then the fields of the entry as they were. Something else that lies there is
 * shown as far as it goes.
 */
export function readDeadLetter(reply: unknown, shard: number): DeadLetter | undefined {
  const item = readItem(reply);
  if (item === undefined) return undefined;
  const isOurs = item.fields[0] === "reason" && item.fields[4] === "deliveries";
  const [, reason = "", , , , deliveries = "0", ...rest] = item.fields;
  const fields = isOurs ? rest : item.fields;
  return {
    id: inShard(shard, item.id),
    shard,
    setAsideAt: (Number.parseInt(item.id, 10) || 0) * MICROS_PER_MILLI,
    deliveries: isOurs ? Number(deliveries) : 0,
    reason: isOurs ? reason : "unknown: no worker has set this aside",
    decision: readDecision(fields),
    payload: fieldOf(fields, "d") ?? JSON.stringify(fields),
  };
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

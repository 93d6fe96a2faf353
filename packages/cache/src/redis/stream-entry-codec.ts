import { MICROS_PER_MILLI, type DeadLetter, type StreamEntry } from "@lotty/domain";
import type { ItemCodec } from "../codecs/item-codec.ts";
import { inShard } from "./shard-id.ts";

/**
 * Versions of an entry: its payload is one decision, or several, one per line. An entry of another version is not touched, so
 * that a newer worker can take it.
 */
export const ONE_DECISION = "1";
export const SEVERAL_DECISIONS = "2";

/** Most decisions of an entry. From some dozens on, more win next to nothing; a worker that dies has so many done twice. */
export const FULL_ENTRY_DECISIONS = 100;

/** Most characters of an entry with several decisions, so that a few entries never are megabytes. */
const FULL_ENTRY_CHARACTERS = 65_536;

/** What goes into one entry. */
export interface PackedEntry {
  readonly count: number;
  readonly payload: string;
}

/** An entry as it lies in a shard. */
export interface StoredEntry<Item> {
  /** Position in the stream of the shard. */
  readonly id: string;
  /** What it holds, in order: items, or why they cannot be read. */
  readonly items: readonly StreamEntry<Item>["item"][];
}

/** Puts decisions, each as text without line breaks, into as few entries as may be, in order. */
export function packEntries(texts: readonly string[]): readonly PackedEntry[] {
  const entries: PackedEntry[] = [];
  let lines: string[] = [];
  let characters = 0;
  const close = (): void => {
    if (lines.length > 0) entries.push({ count: lines.length, payload: lines.join("\n") });
    lines = [];
    characters = 0;
  };
  for (const text of texts) {
    if (lines.length >= FULL_ENTRY_DECISIONS || characters + text.length > FULL_ENTRY_CHARACTERS) close();
    lines.push(text);
    characters += text.length;
  }
  close();
  return entries;
}

/** Reads one entry as the server returns it: `[id, [name, value, ...]]`; `undefined` when it is nothing of the kind. */
export function readStoredEntry<Item>(reply: unknown, { decode }: ItemCodec<Item>): StoredEntry<Item> | undefined {
  const stored = readReply(reply);
  return stored && { id: stored.id, items: readItems(stored.fields, decode) };
}

/**
 * Reads a dead letter: its own three fields, then those of an entry with the decision, or those of an entry that is none as
 * they were. Something else that lies there is shown as far as it goes.
 */
export function readDeadLetter<Item>(
  reply: unknown,
  shard: number,
  { decode }: ItemCodec<Item>,
): DeadLetter<Item> | undefined {
  const stored = readReply(reply);
  if (stored === undefined) return undefined;
  const isOurs = stored.fields[0] === "reason" && stored.fields[4] === "deliveries";
  const [, reason = "", , , , deliveries = "0", ...rest] = stored.fields;
  const fields = isOurs ? rest : stored.fields;
  const [item = NOTHING, ...others] = readItems(fields, decode);
  return {
    id: inShard(shard, stored.id),
    shard,
    setAsideAt: (Number.parseInt(stored.id, 10) || 0) * MICROS_PER_MILLI,
    deliveries: isOurs ? Number(deliveries) : 0,
    reason: isOurs ? reason : "unknown: no worker has set this aside",
    item: others.length === 0 ? item : { malformed: `the entry holds ${others.length + 1} decisions` },
    payload: fieldOf(fields, "d") ?? JSON.stringify(fields),
  };
}

const NOTHING = { malformed: "the entry has no version or no payload" };

function readItems<Item>(fields: readonly string[], decode: ItemCodec<Item>["decode"]): StoredEntry<Item>["items"] {
  const version = fieldOf(fields, "v");
  const payload = fieldOf(fields, "d");
  if (version === undefined || payload === undefined) return [NOTHING];
  if (version === ONE_DECISION) return [decode(payload)];
  if (version === SEVERAL_DECISIONS) return payload.split("\n").map(decode);
  return [{ malformed: `the entry has the unknown version ${JSON.stringify(version)}` }];
}

function readReply(reply: unknown): { readonly id: string; readonly fields: readonly string[] } | undefined {
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

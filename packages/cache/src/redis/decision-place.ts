import { inShard, locate } from "./shard-id.ts";

/** Decisions of one entry. */
export interface EntryPart {
  /** Position of the entry in the stream of its shard. */
  readonly id: string;
  /** How many decisions the entry holds. */
  readonly count: number;
  /** Which of them, counted from 0. */
  readonly positions: ReadonlySet<number>;
}

/** The ids among all shards of the decisions of an entry: that of the entry if it holds one, else with position and count. */
export function placesIn(shard: number, id: string, count: number): readonly string[] {
  const entry = inShard(shard, id);
  if (count === 1) return [entry];
  return Array.from({ length: count }, (_, position) => `${entry}/${position}/${count}`);
}

/** Reads ids that {@link placesIn} made: the parts of entries, by shard. */
export function partsOf(places: readonly string[]): ReadonlyMap<number, readonly EntryPart[]> {
  const parts = new Map<string, { readonly count: number; readonly positions: Set<number> }>();
  for (const place of places) {
    const end = place.indexOf("/");
    const entry = end < 0 ? place : place.slice(0, end);
    const last = place.lastIndexOf("/");
    let part = parts.get(entry);
    if (part === undefined) {
      part = { count: end < 0 ? 1 : Number(place.slice(last + 1)), positions: new Set() };
      parts.set(entry, part);
    }
    part.positions.add(end < 0 ? 0 : Number(place.slice(end + 1, last)));
  }
  const located = [...parts].map(([entry, part]) => ({ ...part, ...locate(entry) }));
  return Map.groupBy(located, ({ shard }) => shard);
}

import { SLOT_COUNT, slotOf } from "./hash-slot.ts";

/** The part of a circle that leaves points evenly spread however many of them are laid down one after the other. */
const GOLDEN_FRACTION = (Math.sqrt(5) - 1) / 2;

/** How far a tag's slot may be from where it should be, as a fraction of all slots: a hundred nodes are still told apart. */
const TOLERANCE = 1 / 512;

const FIRST_TAG = "decisions:0";

/**
 * The hash tag of a shard, counted from 0. Tags are chosen so that the first so many shards, however many, lie evenly over
 * all slots, and neighbours far from each other: numbers alone would give one node of three twice the work of another. It
 * does not depend on the number of shards, so a shard keeps its keys when there are more.
 */
export function shardTag(shard: number): string {
  if (shard === 0) return FIRST_TAG;
  const wanted = (slotOf(FIRST_TAG) / SLOT_COUNT + shard * GOLDEN_FRACTION) % 1;
  for (let attempt = 0; ; attempt += 1) {
    const tag = attempt === 0 ? `decisions:${shard}` : `decisions:${shard}:${attempt}`;
    if (Math.abs(slotOf(tag) / SLOT_COUNT - wanted) <= TOLERANCE) return tag;
  }
}

import type { Instant } from "../instant.ts";

/** Something that the store will never take. */
export interface RefusedItem<Item> {
  readonly item: Item;
  /** Why, for people. */
  readonly reason: string;
}

/**
 * Writes a batch to where it belongs. Tells which items of it can never be written; rejects when none of it may count as
 * written.
 */
export type SpoolWriter<Item> = (batch: readonly Item[]) => Promise<readonly RefusedItem<Item>[]>;

/** How full a spool is. */
export interface SpoolSize {
  /** Items that wait to be drained, those included that are not on disk yet. */
  readonly rows: number;
  /** About how many bytes they take. */
  readonly bytes: number;
  /** When the item that waits longest came to be; `null` when none waits. */
  readonly oldest: Instant | null;
  /** Items that were refused when they were drained, and are kept for people to look at. */
  readonly setAside: number;
}

/** Keeps items on the disk of one process while the store that they belong to is away. */
export interface RecordSpool<Item> {
  /**
   * Adds items at the end, all or none. After it resolves they survive the end of the process and a loss of power.
   *
   * @throws LottyError `decision_store_unavailable` when the spool is full, closed, or its disk fails
   */
  append(items: readonly Item[]): Promise<void>;

  /**
   * Hands the oldest items to `write`, in the order in which they were added, and removes them after it has resolved: an end
   * in between hands them out again. Refused ones are set aside, and tried again by the next process that opens the spool.
   * One call at a time.
   *
   * @returns how many items wait no longer; 0 when none waited
   * @throws what `write` rejects with, and then removes nothing; LottyError `decision_store_unavailable` when the disk fails
   */
  drain(write: SpoolWriter<Item>): Promise<number>;

  /**
   * Takes over what processes that are gone have left behind.
   *
   * @returns how many items more wait now
   */
  takeOver(): number;

  /** How full it is. */
  size(): SpoolSize;

  /** Puts on disk what was added, then takes no more. What waits is left for the next process. Calling it twice does no harm. */
  close(): Promise<void>;
}

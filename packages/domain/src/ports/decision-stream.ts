import type { DecisionRecord } from "../decision.ts";
import type { Instant } from "../instant.ts";

/** The producing end of a stream. */
export interface RecordQueue<Item> {
  /**
   * Appends items to the stream. After it returns the stream has them.
   *
   * @throws LottyError `decision_stream_unavailable` when the stream refuses, is slow or is full: write synchronously
   */
  enqueue(items: readonly Item[]): Promise<void>;
}

/** The producing end of the decision stream. */
export type DecisionQueue = RecordQueue<DecisionRecord>;

/**
 * One queued item, a decision if nothing else is said, or something else that lies in its place, as a consumer gets it. How many of them a stream keeps together
 * is its own concern: each is handed out, acknowledged, set aside and counted by itself.
 */
export interface StreamEntry<Item = DecisionRecord> {
  /** Position in the stream, opaque. */
  readonly id: string;
  /** What was queued, or why it cannot be read. */
  readonly item: Item | { readonly malformed: string };
  /** How often it has been handed out, this time included. */
  readonly deliveries: number;
}

/** An entry that was set aside because it can never be written. */
export interface DeadLetter<Item = DecisionRecord> {
  /** Opaque. */
  readonly id: string;
  /** The part of the stream that it was in, counted from 0. */
  readonly shard: number;
  readonly setAsideAt: Instant;
  /** How often it had been handed out by then. */
  readonly deliveries: number;
  /** Why it was set aside. */
  readonly reason: string;
  /** What was queued, or why it cannot be read. */
  readonly item: StreamEntry<Item>["item"];
  /** The entry's payload as it was. */
  readonly payload: string;
}

/** The consuming end of a stream, that of decisions if nothing else is said: one member of the group of all workers. */
export interface DecisionStream<Item = DecisionRecord> {
  /**
   * Takes up to `max` new entries, waiting up to `waitMillis` for the first. A member may take more at once than it hands
   * out, and hands out the rest the next time.
   *
   * @throws LottyError `decision_stream_unavailable`
   */
  read(max: number, waitMillis: number): Promise<readonly StreamEntry<Item>[]>;

  /**
   * Takes over up to `max` entries that another member took at least `minIdleMillis` ago and never acknowledged, or
   * that were lost on their way to this one. Never an entry that this member still holds.
   *
   * @throws LottyError `decision_stream_unavailable`
   */
  reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry<Item>[]>;

  /** Marks entries as done. They are not handed out again, whatever becomes of others. */
  acknowledge(ids: readonly string[]): Promise<void>;

  /** Moves an entry to the dead letters and acknowledges it, in one step. */
  setAside(entry: StreamEntry<Item>, reason: string): Promise<void>;

  /** How many entries wait: not yet taken by any member, and taken but not acknowledged. */
  backlog(): Promise<{ readonly unread: number; readonly pending: number }>;
}

/**
 * What came of putting a dead letter back. `empty`: of its entry nothing was left when it was set aside, so there is nothing
 * that could be put back.
 */
export type RetryOutcome = "retried" | "not_found" | "empty";

/** What was set aside, for people to look at. Operations throw LottyError `decision_stream_unavailable`. */
export interface DeadLetters<Item = DecisionRecord> {
  /**
   * Up to `count` dead letters, oldest first.
   *
   * @param after the last one of the page before, which need not be there any more
   * @throws LottyError also `invalid_request` when `after` cannot be the id of a dead letter
   */
  list(count: number, after?: string): Promise<readonly DeadLetter<Item>[]>;

  /** How many there are. */
  size(): Promise<number>;

  /** Puts one back at the end of the stream, in one step: whatever interrupts that, it is in one of the two places. */
  retry(id: string): Promise<RetryOutcome>;

  /** Forgets one for good; `false` when there is none of that id. */
  drop(id: string): Promise<boolean>;
}

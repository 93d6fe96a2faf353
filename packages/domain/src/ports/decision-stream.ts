import type { DecisionRecord } from "../decision.ts";

/** The producing end of the decision stream. */
export interface DecisionQueue {
  /**
   * Appends decisions to the stream. After it returns the stream has them.
   *
   * @throws LottyError `decision_stream_unavailable` when the stream refuses, is slow or is full: write synchronously
   */
  enqueue(decisions: readonly DecisionRecord[]): Promise<void>;
}

/** One entry of the stream as a consumer gets it. */
export interface StreamEntry {
  /** Position in the stream, opaque. */
  readonly id: string;
  /** The decision, or why the entry is not one. */
  readonly decision: DecisionRecord | { readonly malformed: string };
  /** How often the entry has been handed out, this time included. */
  readonly deliveries: number;
}

/** An entry that was set aside because it can never be written. */
export interface DeadLetter {
  readonly id: string;
  /** Why it was set aside. */
  readonly reason: string;
  /** The entry's payload as it was. */
  readonly payload: string;
}

/** The consuming end of the decision stream: one member of the group of all workers. */
export interface DecisionStream {
  /**
   * Takes up to `max` new entries, waiting up to `waitMillis` for the first.
   *
   * @throws LottyError `decision_stream_unavailable`
   */
  read(max: number, waitMillis: number): Promise<readonly StreamEntry[]>;

  /**
   * Takes over up to `max` entries that another member took at least `minIdleMillis` ago and never acknowledged, or
   * that were lost on their way to this one. Never an entry that this member still holds.
   *
   * @throws LottyError `decision_stream_unavailable`
   */
  reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry[]>;

  /** Marks entries as done. They are not handed out again. */
  acknowledge(ids: readonly string[]): Promise<void>;

  /** Moves an entry to the dead letters and acknowledges it, in one step. */
  setAside(entry: StreamEntry, reason: string): Promise<void>;

  /** How many entries wait: not yet taken, and taken but not acknowledged. */
  backlog(): Promise<{ readonly unread: number; readonly pending: number }>;
}

/** What was set aside, for people to look at. */
export interface DeadLetters {
  /**
   * Up to `count` dead letters, oldest first.
   *
   * @throws LottyError `decision_stream_unavailable`
   */
  list(count: number): Promise<readonly DeadLetter[]>;

  /** How many there are. */
  size(): Promise<number>;

  /** Puts one back at the end of the stream, in one step; `false` when there is none of that id. */
  retry(id: string): Promise<boolean>;

  /** Forgets one for good; `false` when there is none of that id. */
  drop(id: string): Promise<boolean>;
}

import type { EventRecord } from "../event.ts";

/** The producing end of the stream of events. */
export interface EventQueue {
  /**
   * Appends events to the stream, all or none. After it returns the stream has them.
   *
   * @throws LottyError `decision_stream_unavailable` when the stream refuses, is slow or is full: record them at once
   */
  enqueue(events: readonly EventRecord[]): Promise<void>;
}

import type { EventLog, EventRecorder } from "@lotty/domain";

/** What events are kept and found with. */
export interface EventStorage {
  readonly recorder: EventRecorder;
  readonly log: EventLog;
}

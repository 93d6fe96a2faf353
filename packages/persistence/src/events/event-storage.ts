import type { EventLog, EventRecorder, EventRetention, EventSink, PendingExposures } from "@lotty/domain";

/** What events are kept and found with. */
export interface EventStorage {
  readonly recorder: EventRecorder;
  readonly sink: EventSink;
  readonly log: EventLog;
  readonly pendingExposures: PendingExposures;
  readonly retention: EventRetention;
}

import type { EventRecord } from "../event.ts";
import type { DecisionStream, RecordQueue } from "./decision-stream.ts";

/** The producing end of the stream of events. */
export type EventQueue = RecordQueue<EventRecord>;

/** The consuming end of the stream of events. */
export type EventStream = DecisionStream<EventRecord>;

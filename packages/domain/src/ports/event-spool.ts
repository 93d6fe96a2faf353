import type { EventRecord } from "../event.ts";
import type { RecordSpool } from "./record-spool.ts";

/** Keeps events on the disk of one process while the store of events is away. */
export type EventSpool = RecordSpool<EventRecord>;

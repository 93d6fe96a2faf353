import type { EventSpool } from "@lotty/domain";
import { EVENT_FORMAT } from "./event-format.ts";
import { SqliteSpool, type SpoolOptions } from "./sqlite-spool.ts";

/**
 * Opens a spool of events: makes a file for this process, and takes over those of processes that are gone.
 *
 * @throws LottyError `decision_store_unavailable` when the directory cannot be used
 */
export function openEventSpool(options: SpoolOptions): EventSpool {
  return new SqliteSpool(options, EVENT_FORMAT);
}

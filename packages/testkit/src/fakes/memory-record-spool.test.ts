import type { EventRecord } from "@lotty/domain";
import { describeEventSpool } from "../suites/event-spool.ts";
import { MemoryRecordSpool } from "./memory-record-spool.ts";

describeEventSpool("in memory", () => {
  const spool = new MemoryRecordSpool<EventRecord>(({ receivedAt }) => receivedAt, { maxRows: 100, batchRows: 20 });
  return Promise.resolve({ spool, maxRows: 100, batchRows: 20, close: () => spool.close() });
});

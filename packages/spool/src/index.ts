export { abandonedRows, type AbandonedPlace } from "./abandoned-rows.ts";
export { openDecisionSpool } from "./decision-spool.ts";
export { openEventSpool } from "./event-spool.ts";
export type { SpoolOptions } from "./sqlite-spool.ts";

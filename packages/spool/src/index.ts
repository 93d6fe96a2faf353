export { abandonedRows } from "./abandoned-rows.ts";
export { openSpool, type SpoolOptions } from "./sqlite-decision-spool.ts";

import { describeDecisionSpool } from "../suites/decision-spool.ts";
import { MemoryDecisionSpool } from "./memory-decision-spool.ts";

describeDecisionSpool("in memory", () => {
  const spool = new MemoryDecisionSpool({ maxRows: 100, batchRows: 20 });
  return Promise.resolve({ spool, maxRows: 100, batchRows: 20, close: () => spool.close() });
});

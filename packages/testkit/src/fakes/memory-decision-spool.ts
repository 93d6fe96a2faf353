import { assignmentsOf, type DecisionRecord, type DecisionSpool, type SubjectHistory } from "@lotty/domain";
import { MemoryRecordSpool, type MemorySpoolOptions } from "./memory-record-spool.ts";

/** A spool of decisions in memory, which can be full and can be broken. */
export class MemoryDecisionSpool extends MemoryRecordSpool<DecisionRecord> implements DecisionSpool {
  constructor(options: MemorySpoolOptions<DecisionRecord> = {}) {
    super(({ decidedAt }) => decidedAt, options);
  }

  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory {
    return assignmentsOf(
      this.waiting.filter((each) => each.environmentId === environmentId && each.subjectId === subjectId),
    );
  }
}

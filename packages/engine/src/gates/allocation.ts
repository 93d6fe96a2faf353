import { bucketOfText } from "#sha256";
import type { CompiledExperiment } from "../compile-experiment.ts";

/** Gate 6. At 100.00 % and at 0 the bucket has no say and is not drawn. */
export function isAllocated(compiled: CompiledExperiment, subjectId: string): boolean {
  if (compiled.takesEveryBucket) return true;
  const threshold = compiled.experiment.trafficAllocation;
  return threshold > 0 && allocationBucket(compiled, subjectId) < threshold;
}

/** The bucket that decides about taking part: 0 to 9999. */
export function allocationBucket(compiled: CompiledExperiment, subjectId: string): number {
  return bucketOfText(subjectId + compiled.allocationSuffix);
}

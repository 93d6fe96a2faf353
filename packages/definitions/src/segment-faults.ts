import { SEGMENT_LIMITS, type SegmentFault } from "@lotty/domain";

/** What is wrong with a segment, to be said after its name. */
export const SEGMENT_FAULTS: Readonly<Record<SegmentFault, string>> = {
  cycle: "is in a circle of segments that name each other, or names one that is",
  too_deep: `stands on more than ${SEGMENT_LIMITS.depth - 1} others that stand on each other`,
  too_large: `has more than ${SEGMENT_LIMITS.clauses} conditions, those of the segments that it names included`,
};

export type {
  BlockingAssignment,
  ClauseTrace,
  DomainCandidateTrace,
  DomainTrace,
  Explanation,
  GateTrace,
  GateVerdict,
  VariantRangeTrace,
} from "./explanation.ts";

export type {
  BlockingAssignment,
  ClauseTrace,
  DomainCandidateTrace,
  DomainTrace,
  Explanation,
  FlagRuleTrace,
  GateTrace,
  GateVerdict,
  VariantRangeTrace,
} from "./explain/explanation.ts";
export { standing, type HeldDomain, type NamedAssignment, type Standing } from "./explain/standing.ts";
export { assign, type SubjectInContext } from "./assign.ts";
export { explain } from "./explain/explain.ts";
export { bucketOf, type Salt } from "./bucket.ts";
export { attributesDigest, canonicalJson } from "./canonical-json.ts";
export type { CompiledExperiment } from "./compile-experiment.ts";
export { decide } from "./decide.ts";
export { COOLDOWN_DAYS, PARTICIPATION_LIMIT } from "./gates/participation.ts";
export type { Outcome, RuleFault } from "./outcome.ts";
export { persistedValue } from "./persisted-value.ts";
export { applyFlagRules, type CompiledFlagRule, type CompiledFlagRules } from "./flag-rules.ts";
export type { CompiledSegment, CompiledSegments } from "./compile-segments.ts";
export { compileRule, evaluateRule, type CompiledRule, type SegmentTests } from "./rules/compile-rule.ts";
export { layOutVariants, rangeOfPoint, type VariantLayout, type VariantRange } from "./variant-layout.ts";
export { screen, type Candidate } from "./screen.ts";
export { compileSnapshot, type CompiledFlag, type CompileOptions, type Snapshot } from "./snapshot.ts";

export type {
  BlockingAssignment,
  ClauseTrace,
  DomainCandidateTrace,
  DomainTrace,
  Explanation,
  GateTrace,
  GateVerdict,
  VariantRangeTrace,
} from "./explain/explanation.ts";
export { assign, type SubjectInContext } from "./assign.ts";
export { explain } from "./explain/explain.ts";
export { bucketOf, type Salt } from "./bucket.ts";
export { attributesDigest, canonicalJson } from "./canonical-json.ts";
export type { CompiledExperiment } from "./compile-experiment.ts";
export { decide } from "./decide.ts";
export { COOLDOWN_DAYS, PARTICIPATION_LIMIT } from "./gates/participation.ts";
export type { Outcome, RuleFault } from "./outcome.ts";
export { persistedValue } from "./persisted-value.ts";
export { compileRule, evaluateRule, type CompiledRule } from "./rules/compile-rule.ts";
export { layOutVariants, rangeOfPoint, type VariantLayout, type VariantRange } from "./variant-layout.ts";
export { screen, type Candidate } from "./screen.ts";
export { compileSnapshot, type CompiledFlag, type CompileOptions, type Snapshot } from "./snapshot.ts";

export { closestName } from "./closest-name.ts";
export { configurationOf } from "./configuration-of.ts";
export type {
  ApproverGroupDefinition,
  Definitions,
  DomainDefinition,
  DomainMemberDefinition,
  ExperimentDefinition,
  FlagDefinition,
  FlagRuleDefinition,
  OutcomeDefinition,
  SegmentDefinition,
  VariantDefinition,
} from "./definitions.ts";
export { DEFINITION_KINDS, type DefinitionKind, type Difference, type FieldDifference } from "./difference.ts";
export { exportDefinitions, type DefinitionsForm } from "./export-definitions.ts";
export { DEFINITION_LIMITS } from "./limits.ts";
export { planChange, type ChangePlan, type PlanOptions } from "./plan-change.ts";
export { renderProblem, type DefinitionProblem } from "./problem.ts";
export { readDefinitions, type DefinitionsReading, type ReadDefinitionsOptions } from "./read-definitions.ts";
export { NOTHING_SAID, type Said, type SaidChange } from "./said.ts";

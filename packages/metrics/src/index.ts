export { definitionFaults, METRIC_LIMITS, type DefinitionFault } from "./check-definition.ts";
export { CompensatedSum } from "./compensated-sum.ts";
export { createMeter } from "./create-meter.ts";

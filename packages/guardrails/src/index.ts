export { contrastOf, levelOf, type Contrast, type ContrastRule, type TwoArms } from "./evaluation/contrast.ts";
export { evaluateGuardrail, type GuardrailQuestion } from "./evaluation/evaluate-guardrail.ts";
export { readArm, type ArmRule } from "./evaluation/read-arm.ts";
export { nextRampMove, type RampMove, type RampQuestion } from "./ramp/next-ramp-move.ts";
export { assumedSource, FEWEST_RECORDED, recordedSource } from "./rehearsal/value-source.ts";
export { rehearse, type FiringRate, type Rehearsal, type RehearsalQuestion } from "./rehearsal/rehearse.ts";
export type { ValueSource } from "./rehearsal/arrivals.ts";
export { advanceRamp } from "./services/advance-ramp.ts";
export type { FiringOutcome } from "./services/fire.ts";
export {
  createGuardrailControl,
  type GuardrailCommand,
  type GuardrailControl,
  type RuleFields,
} from "./services/guardrail-control.ts";
export type { GuardrailPorts } from "./services/guardrail-ports.ts";
export { createRampControl, type RampCommand, type RampControl } from "./services/ramp-control.ts";
export { undoFiring, type UndoCommand } from "./services/undo-firing.ts";
export { watchEnvironment, type WatchOptions, type WatchRound } from "./services/watch-environment.ts";
export { watchExperiment, type GuardrailLook, type WatchPorts } from "./services/watch-experiment.ts";

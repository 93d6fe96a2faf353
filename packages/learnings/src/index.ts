export {
  createLearningControl,
  type LearningCommand,
  type LearningControl,
  type LearningEdit,
  type LearningPorts,
} from "./learning-control.ts";
export { learnedEffects } from "./learned-effects.ts";
export type { EffectDistribution, ShrunkEffect } from "./shrink-effects.ts";
export {
  summarizeLearnings,
  type LearningSummary,
  type MonthOfLearnings,
  type WinRate,
} from "./summarize-learnings.ts";

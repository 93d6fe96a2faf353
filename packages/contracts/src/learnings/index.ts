export {
  learningEditSchema,
  outcomeQuerySchema,
  readLearningEdit,
  readLearningFilter,
  readLearningsQuery,
  type LearningEditRequest,
  type LearningFilter,
  type LearningsQuery,
} from "./learning-requests.ts";
export {
  learningSchema,
  learningsSchema,
  learningSummarySchema,
  similarLearningsSchema,
  type LearningSummaryResponse,
} from "./learning-schemas.ts";
export { presentLearning, type LearningResponse } from "./present-learning.ts";

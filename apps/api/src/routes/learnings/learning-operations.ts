import {
  idSchema,
  type Operation,
  type OperationParameter,
  controlProblemSchema,
  textSchema,
  timeSchema,
} from "@lotty/contracts";
import {
  learningEditSchema,
  learningSchema,
  learningsSchema,
  learningSummarySchema,
  outcomeQuerySchema,
  similarLearningsSchema,
} from "@lotty/contracts/learnings";
import { ifMatchParameter } from "../control/if-match.ts";
import { PAGE_PARAMETERS } from "../control/page-parameters.ts";

const tags = ["Learnings"];

const learningId: OperationParameter = {
  name: "learning_id",
  in: "path",
  description: "Id of the learning.",
  required: true,
  schema: idSchema,
};

const filter: readonly OperationParameter[] = [
  {
    name: "q",
    in: "query",
    description: 'Words that have to be there; `"in quotes"` beside each other, `-without` one, one `or` another.',
    schema: textSchema,
  },
  { name: "tag", in: "query", description: "Only those with this tag.", schema: textSchema },
  { name: "outcome", in: "query", description: "Only those that ended so.", schema: outcomeQuerySchema },
  { name: "from", in: "query", description: "Only those completed at this time or later.", schema: timeSchema },
  { name: "to", in: "query", description: "Only those completed before this time.", schema: timeSchema },
];

/** What the description of the API says about `GET /v1/learnings`. */
export const LIST_LEARNINGS_OPERATION: Operation = {
  id: "listLearnings",
  summary: "Search what was learned from experiments",
  description: "With words to search for, the best come first; otherwise the newest.",
  tags,
  parameters: [...filter, ...PAGE_PARAMETERS],
  answers: { 200: { description: "A page of learnings.", schema: learningsSchema } },
};

/** What the description of the API says about `GET /v1/learnings/summary`. */
export const SUMMARIZE_LEARNINGS_OPERATION: Operation = {
  id: "summarizeLearnings",
  summary: "Tell how many experiments won, and how large effects are",
  description:
    "Of the newest 5,000 that fit. Effects are shrunk over all of them; above 0 is better, whatever the metric.",
  tags,
  parameters: filter,
  answers: { 200: { description: "The summary.", schema: learningSummarySchema } },
};

/** What the description of the API says about `GET /v1/learnings/{learning_id}`. */
export const FIND_LEARNING_OPERATION: Operation = {
  id: "findLearning",
  summary: "Look up a learning",
  tags,
  parameters: [learningId],
  answers: { 200: { description: "The learning.", schema: learningSchema, headers: { ETag: "Its version." } } },
};

/** What the description of the API says about `PATCH /v1/learnings/{learning_id}`. */
export const EDIT_LEARNING_OPERATION: Operation = {
  id: "editLearning",
  summary: "Add notes to a learning, or change its tags",
  tags,
  parameters: [learningId, ifMatchParameter("named")],
  request: learningEditSchema,
  answers: {
    200: { description: "The learning as it is now.", schema: learningSchema, headers: { ETag: "Its new version." } },
  },
  problem: controlProblemSchema,
};

/** What the description of the API says about `GET /v1/learnings/{learning_id}/similar`. */
export const SIMILAR_LEARNINGS_OPERATION: Operation = {
  id: "findSimilarLearnings",
  summary: "Find learnings that have most to do with one",
  description: "By the words in them; at most ten.",
  tags,
  parameters: [learningId],
  answers: { 200: { description: "The learnings, the nearest first.", schema: similarLearningsSchema } },
};

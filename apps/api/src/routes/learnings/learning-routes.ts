import { placeCursor } from "@lotty/contracts";
import {
  presentLearning,
  readLearningEdit,
  readLearningFilter,
  readLearningsQuery,
  type LearningFilter,
} from "@lotty/contracts/learnings";
import type { Learning, LearningQuestion } from "@lotty/domain";
import { summarizeLearnings } from "@lotty/learnings";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { environmentOf } from "../control/asked-by.ts";
import { change, naming, versionAnswer } from "../control/changing.ts";
import { listAnswer, looking, nothingThere, withId } from "../control/looking.ts";
import {
  EDIT_LEARNING_OPERATION,
  FIND_LEARNING_OPERATION,
  LIST_LEARNINGS_OPERATION,
  SIMILAR_LEARNINGS_OPERATION,
  SUMMARIZE_LEARNINGS_OPERATION,
} from "./learning-operations.ts";
import { presentSummary } from "./present-summary.ts";

const PATH = "/v1/learnings";
const ONE = `${PATH}/:learning_id`;

/** Most learnings that a summary is made of. */
const MAX_SUMMARIZED = 5_000;

/** Most learnings that are called similar to one. */
const MAX_SIMILAR = 10;

/** What was learned from experiments. */
export function learningRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const look = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access: look,
      operation: LIST_LEARNINGS_OPERATION,
      handler: looking(readLearningsQuery, async ({ cursor: offset = 0, limit, ...filter }, asked) => {
        const question = { ...questionOf(environmentOf(asked), filter), limit: limit + 1, offset };
        const found = await control().learnings.reads.search(question);
        const next = found.length <= limit ? null : placeCursor(offset + limit);
        return listAnswer("learnings", found.slice(0, limit).map(presentLearning), next);
      }),
    },
    {
      method: "GET",
      path: `${PATH}/summary`,
      access: look,
      operation: SUMMARIZE_LEARNINGS_OPERATION,
      handler: looking(readLearningFilter, async (filter, asked) => {
        const question = { ...questionOf(environmentOf(asked), filter), limit: MAX_SUMMARIZED, offset: 0 };
        return jsonAnswer(presentSummary(summarizeLearnings(await control().learnings.reads.search(question))));
      }),
    },
    {
      method: "GET",
      path: ONE,
      access: look,
      operation: FIND_LEARNING_OPERATION,
      handler: withId("learning_id", async (learningId, asked) => {
        const learning = await control().learnings.reads.find(environmentOf(asked), learningId);
        return learning === undefined ? nothingThere(asked.requestId) : learningAnswer(learning);
      }),
    },
    {
      method: "PATCH",
      path: ONE,
      access: { kind: "scope", scope: "manage", role: "experimenter" },
      operation: EDIT_LEARNING_OPERATION,
      handler: withId("learning_id", (learningId, asked) =>
        change(asked, parts, {
          version: "named",
          read: readLearningEdit,
          run: (command, edit) => control().learnings.control.edit({ ...naming(command), learningId, edit }),
          answer: learningAnswer,
        }),
      ),
    },
    {
      method: "GET",
      path: `${ONE}/similar`,
      access: look,
      operation: SIMILAR_LEARNINGS_OPERATION,
      handler: withId("learning_id", async (learningId, asked) => {
        const { reads } = control().learnings;
        const environmentId = environmentOf(asked);
        if ((await reads.find(environmentId, learningId)) === undefined) return nothingThere(asked.requestId);
        const similar = await reads.similar(environmentId, learningId, MAX_SIMILAR);
        return listAnswer("learnings", similar.map(presentLearning));
      }),
    },
  ];
}

function questionOf(environmentId: string, filter: LearningFilter): Omit<LearningQuestion, "limit" | "offset"> {
  const { q: text, ...rest } = filter;
  return { environmentId, ...rest, ...(text !== undefined && text.trim() !== "" && { text }) };
}

function learningAnswer(learning: Learning): Answer {
  return versionAnswer(presentLearning(learning));
}

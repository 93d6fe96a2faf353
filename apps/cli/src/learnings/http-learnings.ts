import { MAX_PAGE_SIZE } from "@lotty/contracts";
import {
  type LearningResponse,
  learningSchema,
  learningsSchema,
  learningSummarySchema,
  type LearningSummaryResponse,
  similarLearningsSchema,
} from "@lotty/contracts/learnings";
import { allOf, queryOf } from "../control/api-pages.ts";
import { nothingNamed, UUID } from "../control/named.ts";
import type { ApiClient } from "../sources/api-client.ts";

/** Which learnings are asked for, as the API's query names it. */
export type LearningQuestion = Readonly<Partial<Record<"q" | "tag" | "outcome" | "from" | "to", string>>>;

/** What was learned, through a running API. Methods throw `ControlRefused` and LottyError. */
export interface LearningSource {
  /** With words to search for the best first, otherwise the newest. */
  list(question: LearningQuestion, limit: number): Promise<readonly LearningResponse[]>;
  find(id: string): Promise<LearningResponse>;
  /** Those that have most to do with one, the nearest first. */
  similar(id: string): Promise<readonly LearningResponse[]>;
  summary(question: LearningQuestion): Promise<LearningSummaryResponse>;
  edit(id: string, version: number, body: object): Promise<LearningResponse>;
}

/** Makes the source of an API's learnings. */
export function httpLearnings(client: ApiClient): LearningSource {
  const [path, schema] = ["v1/learnings", learningSchema] as const;
  return {
    list: (question, limit) =>
      allOf(async (cursor) => {
        const query = queryOf({ ...question, limit: Math.min(limit, MAX_PAGE_SIZE), cursor });
        const page = await client.ask({ method: "GET", path: `${path}${query}`, schema: learningsSchema });
        return { items: page.learnings, next: page.next_cursor };
      }, limit),
    find: (id) => client.ask({ method: "GET", path: `${path}/${id}`, schema }),
    similar: async (id) =>
      (await client.ask({ method: "GET", path: `${path}/${id}/similar`, schema: similarLearningsSchema })).learnings,
    summary: (question) =>
      client.ask({ method: "GET", path: `${path}/summary${queryOf(question)}`, schema: learningSummarySchema }),
    edit: (id, ifVersion, body) => client.ask({ method: "PATCH", path: `${path}/${id}`, ifVersion, body, schema }),
  };
}

/**
 * The learning of an experiment's key, or else of an id of its own.
 *
 * @throws LottyError `not_found`; what the source throws
 */
export async function learningNamed(source: LearningSource, name: string): Promise<LearningResponse> {
  const found = (await source.list({}, Infinity)).find((learning) => learning.experiment_key === name);
  if (found !== undefined) return found;
  if (UUID.test(name)) return source.find(name.toLowerCase());
  throw nothingNamed("learning", name);
}

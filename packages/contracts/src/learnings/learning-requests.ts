import { EXPERIMENT_OUTCOMES, type ExperimentOutcome, type Instant } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, listOf, nameField, textField } from "../control/control-fields.ts";
import { placeCursorSchema } from "../control/control-queries.ts";
import { type Read, readWith } from "../read-request.ts";
import { DEFAULT_PAGE_SIZE, pageSizeSchema, readQuery, timeSchema } from "../records/record-queries.ts";

/** Body of `PATCH /v1/learnings/{learning_id}`. */
export interface LearningEditRequest {
  readonly notes?: string | null;
  readonly tags?: readonly string[];
}

/** Schema of {@link LearningEditRequest}. */
export const learningEditSchema: z.ZodType<LearningEditRequest> = z
  .strictObject({ notes: textField.nullable().exactOptional(), tags: listOf(nameField).exactOptional() }, AN_OBJECT)
  .meta({ id: "LearningEdit" });

/** Which learnings are asked for. */
export interface LearningFilter {
  readonly q?: string;
  readonly tag?: string;
  readonly outcome?: ExperimentOutcome["kind"];
  readonly from?: Instant;
  readonly to?: Instant;
}

/** An outcome in a query. */
export const outcomeQuerySchema: z.ZodType<ExperimentOutcome["kind"], string> = z.enum(EXPERIMENT_OUTCOMES, {
  error: "must be an outcome of experiments",
});

const filter = {
  q: nameField.exactOptional(),
  tag: nameField.exactOptional(),
  outcome: outcomeQuerySchema.exactOptional(),
  from: timeSchema.exactOptional(),
  to: timeSchema.exactOptional(),
};

const filterQuery: z.ZodType<LearningFilter> = z.strictObject(filter);

/** The query of `GET /v1/learnings`. */
export interface LearningsQuery extends LearningFilter {
  readonly limit: number;
  /** How many learnings to pass over. */
  readonly cursor?: number;
}

const learningsQuery: z.ZodType<LearningsQuery> = z.strictObject({
  ...filter,
  limit: pageSizeSchema.prefault(String(DEFAULT_PAGE_SIZE)),
  cursor: placeCursorSchema.exactOptional(),
});

/** Reads the body of `PATCH /v1/learnings/{learning_id}`. */
export function readLearningEdit(body: unknown): Read<LearningEditRequest> {
  return readWith(learningEditSchema, body);
}

/** Reads the query of `GET /v1/learnings`. */
export function readLearningsQuery(query: URLSearchParams): Read<LearningsQuery> {
  return readQuery(learningsQuery, query);
}

/** Reads the query of `GET /v1/learnings/summary`. */
export function readLearningFilter(query: URLSearchParams): Read<LearningFilter> {
  return readQuery(filterQuery, query);
}

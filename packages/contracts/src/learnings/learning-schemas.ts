import { EXPERIMENT_OUTCOMES, type ExperimentOutcome } from "@lotty/domain";
import { z } from "zod";
import type { LearningResponse } from "./present-learning.ts";

const instantText = z.string().meta({ format: "date-time" });
const id = z.uuid();
const count = z.int().min(0);

/** Schema of {@link LearningResponse}. */
export const learningSchema: z.ZodType<LearningResponse> = z
  .strictObject({
    id,
    experiment_id: id,
    experiment_key: z.string(),
    flag_key: z.string(),
    hypothesis: z.string().nullable(),
    owner: z.string().nullable(),
    outcome: z.enum(EXPERIMENT_OUTCOMES),
    winner: z.string().nullable(),
    comment: z.string(),
    notes: z.string().nullable(),
    tags: z.array(z.string()),
    started_at: instantText.nullable(),
    completed_at: instantText,
    effects: z
      .array(
        z.strictObject({
          metric_id: z.string(),
          metric_key: z.string(),
          variant: z.string(),
          is_primary: z.boolean(),
          higher_is_better: z.boolean(),
          lift: z.number(),
          se: z.number(),
          low: z.number().nullable(),
          high: z.number().nullable(),
        }),
      )
      .meta({ description: "Empty until results are there." }),
    version: z.int().min(1),
    updated_at: instantText,
  })
  .meta({ id: "Learning" });

/** Schema of a page of learnings. */
export const learningsSchema: z.ZodType<{
  readonly learnings: readonly LearningResponse[];
  readonly next_cursor: string | null;
}> = z
  .strictObject({ learnings: z.array(learningSchema), next_cursor: z.string().nullable() })
  .meta({ id: "Learnings" });

/** Schema of learnings that are similar to one. */
export const similarLearningsSchema: z.ZodType<{ readonly learnings: readonly LearningResponse[] }> = z
  .strictObject({ learnings: z.array(learningSchema) })
  .meta({ id: "SimilarLearnings" });

/** What many learnings come to, on the wire. */
export interface LearningSummaryResponse {
  readonly learnings: number;
  readonly outcomes: Readonly<Record<ExperimentOutcome["kind"], number>>;
  readonly win_rate: { readonly rate: number; readonly low: number; readonly high: number } | null;
  readonly months: readonly {
    readonly month: string;
    readonly learnings: number;
    readonly wins: number;
    readonly mean_effect: number | null;
  }[];
  readonly effects: {
    readonly mean: number | null;
    readonly se: number | null;
    readonly spread: number | null;
    readonly each: readonly {
      readonly learning_id: string;
      readonly experiment_key: string;
      readonly completed_at: string;
      readonly metric_key: string;
      readonly variant: string;
      readonly lift: number;
      readonly se: number;
      readonly shrunk: number;
    }[];
  };
}

/** Schema of {@link LearningSummaryResponse}. */
export const learningSummarySchema: z.ZodType<LearningSummaryResponse> = z
  .strictObject({
    learnings: count,
    outcomes: z.strictObject({ rollout_winner: count, rollback: count, no_effect: count }),
    win_rate: z.strictObject({ rate: z.number(), low: z.number(), high: z.number() }).nullable(),
    months: z.array(
      z.strictObject({ month: z.string(), learnings: count, wins: count, mean_effect: z.number().nullable() }),
    ),
    effects: z.strictObject({
      mean: z.number().nullable(),
      se: z.number().nullable(),
      spread: z.number().nullable(),
      each: z.array(
        z.strictObject({
          learning_id: id,
          experiment_key: z.string(),
          completed_at: instantText,
          metric_key: z.string(),
          variant: z.string(),
          lift: z.number(),
          se: z.number(),
          shrunk: z.number(),
        }),
      ),
    }),
  })
  .meta({ id: "LearningSummary" });

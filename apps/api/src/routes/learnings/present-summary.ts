import type { LearningSummaryResponse } from "@lotty/contracts/learnings";
import { formatInstant } from "@lotty/domain";
import type { LearningSummary } from "@lotty/learnings";

/** A summary for the wire. */
export function presentSummary({
  effects,
  learnings,
  months,
  outcomes,
  winRate,
}: LearningSummary): LearningSummaryResponse {
  return {
    learnings,
    outcomes,
    win_rate: winRate,
    months: months.map(({ meanEffect, month, wins, ...rest }) => ({
      month,
      learnings: rest.learnings,
      wins,
      mean_effect: meanEffect,
    })),
    effects: {
      mean: effects.mean,
      se: effects.se,
      spread: effects.spread,
      each: effects.each.map(({ learning, lift, metricKey, se, shrunk, variant }) => ({
        learning_id: learning.id,
        experiment_key: learning.experimentKey,
        completed_at: formatInstant(learning.completedAt),
        metric_key: metricKey,
        variant,
        lift,
        se,
        shrunk,
      })),
    },
  };
}

import { formatInstant, type ExperimentOutcome, type Learning } from "@lotty/domain";

/** A learning on the wire. */
export interface LearningResponse {
  readonly id: string;
  readonly experiment_id: string;
  readonly experiment_key: string;
  readonly flag_key: string;
  readonly hypothesis: string | null;
  readonly owner: string | null;
  readonly outcome: ExperimentOutcome["kind"];
  readonly winner: string | null;
  readonly comment: string;
  readonly notes: string | null;
  readonly tags: readonly string[];
  readonly started_at: string | null;
  readonly completed_at: string;
  readonly effects: readonly {
    readonly metric_id: string;
    readonly metric_key: string;
    readonly variant: string;
    readonly is_primary: boolean;
    readonly higher_is_better: boolean;
    readonly lift: number;
    readonly se: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  readonly version: number;
  readonly updated_at: string;
}

/** A learning for the wire. */
export function presentLearning(learning: Learning): LearningResponse {
  return {
    id: learning.id,
    experiment_id: learning.experimentId,
    experiment_key: learning.experimentKey,
    flag_key: learning.flagKey,
    hypothesis: learning.hypothesis,
    owner: learning.owner,
    outcome: learning.outcome,
    winner: learning.winner,
    comment: learning.comment,
    notes: learning.notes,
    tags: learning.tags,
    started_at: learning.startedAt === null ? null : formatInstant(learning.startedAt),
    completed_at: formatInstant(learning.completedAt),
    effects: learning.effects.map((effect) => ({
      metric_id: effect.metricId,
      metric_key: effect.metricKey,
      variant: effect.variant,
      is_primary: effect.isPrimary,
      higher_is_better: effect.higherIsBetter,
      lift: effect.lift,
      se: effect.se,
      low: effect.low,
      high: effect.high,
    })),
    version: learning.version,
    updated_at: formatInstant(learning.updatedAt),
  };
}

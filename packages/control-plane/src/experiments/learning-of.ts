import type {
  Experiment,
  ExperimentDetails,
  ExperimentOutcome,
  Flag,
  FlagDetails,
  Instant,
  Learning,
} from "@lotty/domain";

/** An experiment at its end. */
export interface EndedExperiment {
  readonly experiment: Experiment;
  readonly details: ExperimentDetails;
  readonly flag: Flag;
  readonly flagDetails: FlagDetails | undefined;
  readonly outcome: ExperimentOutcome;
  readonly now: Instant;
}

/** What is learned from an experiment the moment it ends. Its effects come later, when all windows are over. */
export function learningOf(id: string, ended: EndedExperiment): Learning {
  const { details, experiment, flag, flagDetails, now, outcome } = ended;
  return {
    id,
    experimentId: experiment.id,
    experimentKey: experiment.key,
    flagKey: flag.key,
    hypothesis: details.hypothesis,
    owner: details.owner,
    outcome: outcome.kind,
    winner: experiment.variants.find((variant) => variant.id === outcome.variantId)?.name ?? null,
    comment: outcome.comment,
    notes: null,
    tags: flagDetails?.tags ?? [],
    startedAt: details.startedAt,
    completedAt: now,
    effects: [],
    version: 1,
    updatedAt: now,
  };
}

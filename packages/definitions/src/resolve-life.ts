import { type Experiment, type ExperimentDetails, type Instant, isActive } from "@lotty/domain";
import type { ExperimentDefinition } from "./definitions.ts";
import { outcomeOf } from "./describe-stored.ts";

/** An experiment as it is stored. */
export interface StoredLife {
  readonly experiment: Experiment | undefined;
  readonly details: ExperimentDetails | undefined;
}

/**
 * Fills in when an experiment of a file began and ended, and how, where the file leaves that out: as it is stored, as far as it goes
 * with the status; now, for one that the file starts or ends. What was never stored before is not made up.
 */
export function resolveLife(
  wanted: ExperimentDefinition,
  { details, experiment }: StoredLife,
  now: Instant,
): ExperimentDefinition {
  const isOver = wanted.status === "completed" || wanted.status === "archived";
  const wasActive = experiment !== undefined && isActive(experiment.status);
  const begins = experiment !== undefined && !wasActive && isActive(wanted.status);
  const { completedAt = null, startedAt = null } = details ?? {};
  return {
    ...wanted,
    started: wanted.started ?? startedAt ?? (begins ? now : null),
    completed: wanted.completed ?? (isOver ? (completedAt ?? (wasActive ? now : null)) : null),
    outcome:
      wanted.outcome ?? (experiment && isOver ? outcomeOf({ ...experiment, status: wanted.status }, details) : null),
  };
}

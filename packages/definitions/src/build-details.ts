import type { Experiment, ExperimentDetails, Flag, FlagDetails, Instant } from "@lotty/domain";
import type { ExperimentDefinition, FlagDefinition } from "./definitions.ts";

/** A flag of a file and as it is stored from now on, with what was said about it before. */
export interface FlagToDescribe {
  readonly wanted: FlagDefinition;
  readonly flag: Flag;
  readonly stored: FlagDetails | undefined;
  readonly now: Instant;
}

/** What is to be said about a flag; `undefined` when that is stored already. */
export function buildFlagDetails({ flag, now, stored, wanted }: FlagToDescribe): FlagDetails | undefined {
  const before: FlagDetails = stored ?? {
    flagId: flag.id,
    description: null,
    owner: null,
    tags: [],
    valueSchema: null,
    archivedAt: null,
  };
  const after: FlagDetails = {
    ...before,
    description: wanted.description,
    owner: wanted.owner,
    tags: wanted.tags,
    valueSchema: wanted.schema,
    archivedAt: wanted.archived ? (before.archivedAt ?? now) : null,
  };
  return isSame(before, after) ? undefined : after;
}

/** An experiment of a file and as it is stored from now on, with how it was before. */
export interface ExperimentToDescribe {
  readonly wanted: ExperimentDefinition;
  readonly experiment: Experiment;
  readonly before: Experiment | undefined;
  readonly stored: ExperimentDetails | undefined;
  /** Whether its ramp plan is another one from now on, which reviewers approve with it. */
  readonly rampChanges: boolean;
  /** Id of whoever applies the file. */
  readonly author: string | undefined;
}

/**
 * What is to be said about an experiment; `undefined` when that is stored already. Reviews of what a file changes are void, and a
 * proposal that was made for something else is dropped.
 */
export function buildExperimentDetails(given: ExperimentToDescribe): ExperimentDetails | undefined {
  const { author, before, experiment, rampChanges, stored, wanted } = given;
  const old: ExperimentDetails = stored ?? {
    experimentId: experiment.id,
    hypothesis: null,
    owner: null,
    plannedDays: null,
    description: null,
    authors: [],
    submittedBy: null,
    contentVersion: experiment.version,
    proposal: null,
    startedAt: null,
    completedAt: null,
    outcome: null,
  };
  const isChanged = before === undefined || rampChanges || !isSame(contentOf(before), contentOf(experiment));
  const isPlanChanged = wanted.hypothesis !== old.hypothesis || wanted.plannedDays !== old.plannedDays;
  const isActive = experiment.status === "running" || experiment.status === "paused";
  const writes = isChanged && author !== undefined && !old.authors.includes(author);
  const after: ExperimentDetails = {
    ...old,
    hypothesis: wanted.hypothesis,
    owner: wanted.owner,
    plannedDays: wanted.plannedDays,
    description: wanted.description,
    authors: writes ? [...old.authors, author] : old.authors,
    contentVersion: isChanged || isPlanChanged ? experiment.version : old.contentVersion,
    proposal: isChanged || !isActive ? null : old.proposal,
    startedAt: wanted.started,
    completedAt: wanted.completed,
    outcome: wanted.outcome && {
      kind: wanted.outcome.kind,
      variantId: experiment.variants.find(({ name }) => name === wanted.outcome?.variant)?.id ?? null,
      comment: wanted.outcome.comment,
    },
  };
  return isSame(old, after) ? undefined : after;
}

function contentOf({ flagId, stickyAssignment, targetingRules, trafficAllocation, variants }: Experiment): object {
  return { flagId, targetingRules, trafficAllocation, variants, stickyAssignment };
}

/** Whether two records with their fields in the same order say the same. */
function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

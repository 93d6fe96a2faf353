import type { Experiment, Flag, FlagDetails } from "@lotty/domain";
import type { ExperimentsQuery, FlagsQuery } from "./control-queries.ts";

/** Whether a flag is one of those that a query asks for, but for the staleness of it. */
export function isWantedFlag(
  { archived, key, owner, tag }: Partial<FlagsQuery>,
  flag: Flag,
  details: FlagDetails | undefined,
): boolean {
  const isArchived = details !== undefined && details.archivedAt !== null;
  return (
    (key === undefined || flag.key === key) &&
    (archived === undefined || archived === isArchived) &&
    (owner === undefined || details?.owner === owner) &&
    (tag === undefined || details?.tags.includes(tag) === true)
  );
}

/** Whether an experiment is one of those that a query asks for. */
export function isWantedExperiment(
  { flag_id: flagId, key, status }: Partial<ExperimentsQuery>,
  experiment: Experiment,
): boolean {
  return (
    (key === undefined || experiment.key === key) &&
    (status === undefined || experiment.status === status) &&
    (flagId === undefined || experiment.flagId === flagId)
  );
}

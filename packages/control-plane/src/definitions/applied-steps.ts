import type { ChangePlan, Said } from "@lotty/definitions";
import { isActive, type Configuration, type ExperimentStatus } from "@lotty/domain";
import { announceStep } from "../experiments/announce-step.ts";
import type { AnnouncementDraft } from "../services/announcements.ts";
import { newDetails } from "../services/experiment-command.ts";

/** What people are told of the experiments whose status a file changes; nothing of those that it brings along. */
export function appliedSteps(
  { change, said: put }: ChangePlan,
  configuration: Configuration,
  said: Said,
): readonly AnnouncementDraft[] {
  const stored = new Map(configuration.experiments.map((experiment) => [experiment.id, experiment]));
  const experimentDetails = new Map(
    [...said.experiments, ...(put.putExperimentDetails ?? [])].map((details) => [details.experimentId, details]),
  );
  const flagDetails = new Map(
    [...said.flags, ...(put.putFlagDetails ?? [])].map((details) => [details.flagId, details]),
  );
  return (change.putExperiments ?? []).flatMap((experiment) => {
    const before = stored.get(experiment.id);
    const action = before && stepBetween(before.status, experiment.status);
    if (action === undefined) return [];
    return announceStep({
      action,
      experiment,
      details: experimentDetails.get(experiment.id) ?? newDetails(experiment.id, experiment.version),
      flagDetails: flagDetails.get(experiment.flagId),
      comment: null,
    });
  });
}

/** The step that leads from one status to another, as it would be on record; `undefined` when nobody has to hear of it. */
function stepBetween(before: ExperimentStatus, after: ExperimentStatus): string | undefined {
  if (before === after) return undefined;
  switch (after) {
    case "running":
      return isActive(before) ? "experiment.resume" : "experiment.start";
    case "paused":
      return "experiment.pause";
    case "completed":
      return "experiment.complete";
    case "archived":
      return "experiment.archive";
    case "rejected":
      return "experiment.reject";
    case "in_review":
      return "experiment.submit";
    case "draft":
    case "approved":
      return undefined;
  }
}

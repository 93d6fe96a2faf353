import type { Experiment, ExperimentDetails } from "@lotty/domain";
import { editRefusals, withEdit, type ExperimentEdit } from "../experiments/edit.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import { experimentNotFound, newDetails, type ExperimentCommand, type ExperimentResult } from "./experiment-command.ts";
import { runCommand, type Ground } from "./run-command.ts";

/** A draft to be. Without a rule it is for everyone; without an allocation and variants for nobody yet. It is sticky unless said otherwise. */
export interface NewExperiment extends ExperimentEdit {
  readonly key: string;
  readonly flagId: string;
}

/** Makes a draft. */
export function createExperiment(
  ports: ControlPorts,
  command: Command & { readonly fields: NewExperiment },
): Promise<CommandResult<ExperimentResult>> {
  const { fields, actor } = command;
  return runCommand(ports, { ...command, permission: "experiment.edit" }, (ground) => {
    const refusals = [...editRefusals(fields, "draft"), ...creationRefusals(ground, fields)];
    if (refusals.length > 0) return refused(...refusals);
    const newId = (): string => ports.ids.next(ground.now);
    const blank = blankDraft(newId(), fields, ground);
    const authored: ExperimentDetails = { ...newDetails(blank.id, 1), authors: [actor.id] };
    const { experiment, details } = withEdit({ experiment: blank, details: authored }, fields, newId);
    return {
      status: "planned",
      change: { configuration: { putExperiments: [experiment] }, putExperimentDetails: [details] },
      audit: [
        {
          action: "experiment.create",
          entity: { kind: "experiment", id: experiment.id, key: experiment.key },
          before: null,
          after: { ...experiment, details },
        },
      ],
      result: { experiment, details, warnings: [] },
    };
  });
}

/** Removes an experiment that never ran, and its places in conflict domains. What ran is archived instead. */
export function removeExperiment(ports: ControlPorts, command: ExperimentCommand): Promise<CommandResult<null>> {
  return runCommand(ports, { ...command, permission: "experiment.edit" }, async ({ configuration }) => {
    const experiment = configuration.experiments.find(({ id }) => id === command.experimentId);
    if (experiment === undefined) return refused(experimentNotFound(command.experimentId));
    const details = await ports.store.experimentDetails(command.environmentId, experiment.id);
    const hasRun = details !== undefined && details.startedAt !== null;
    if (hasRun || (experiment.status !== "draft" && experiment.status !== "rejected")) {
      const message = `${experiment.key} is ${experiment.status}; only drafts and rejected ones that never ran can be removed. Archive it.`;
      return refused({ code: "in_use", message, by: [experiment.key] });
    }
    const domains = configuration.domains
      .filter(({ members }) => members.some(({ experimentId }) => experimentId === experiment.id))
      .map((domain) => ({
        ...domain,
        members: domain.members.filter(({ experimentId }) => experimentId !== experiment.id),
      }));
    return {
      status: "planned",
      change: { configuration: { removeExperimentIds: [experiment.id], putDomains: domains } },
      audit: [
        {
          action: "experiment.remove",
          entity: { kind: "experiment", id: experiment.id, key: experiment.key },
          before: { ...experiment, details: details ?? null },
          after: null,
        },
      ],
      result: null,
    };
  });
}

function blankDraft(id: string, { key, flagId }: NewExperiment, { now }: Ground): Experiment {
  return {
    id,
    key,
    flagId,
    status: "draft",
    version: 1,
    updatedAt: now,
    targetingRules: null,
    trafficAllocation: 0,
    variants: [],
    hashVersion: 1,
    stickyAssignment: true,
  };
}

function creationRefusals({ configuration }: Ground, { key, flagId }: NewExperiment): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (configuration.experiments.some((experiment) => experiment.key === key)) {
    refusals.push({ code: "key_taken", message: `Another experiment is called ${key}.`, key });
  }
  if (!configuration.flags.some(({ id }) => id === flagId)) {
    refusals.push({ code: "not_found", message: `There is no flag ${flagId}.`, kind: "flag", id: flagId });
  }
  return refusals;
}

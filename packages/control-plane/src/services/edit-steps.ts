import { isActive, MICROS_PER_DAY, type Experiment, type ExperimentDetails } from "@lotty/domain";
import { contentOf } from "../experiments/content.ts";
import {
  editRefusals,
  weighEdit,
  withEdit,
  type DescribedExperiment,
  type ExperimentEdit,
} from "../experiments/edit.ts";
import { previewEdit, type EditPreview } from "../experiments/preview.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type ControlPorts, type Plan } from "./command.ts";
import {
  planUpdate,
  type ExperimentResult,
  type ExperimentSituation,
  type ExperimentStep,
} from "./experiment-command.ts";
import { approvalsMissing, askGate } from "./launch.ts";

/**
 * Changes an experiment. What touches who gets what, or the plan, has to be approved anew: before the start the approvals are
 * void; of an active experiment it becomes a proposal, which {@link applyEditStep} puts into force.
 */
export function editStep(ports: ControlPorts, actorId: string, edit: ExperimentEdit): ExperimentStep {
  return {
    action: "edit",
    permission: "experiment.edit",
    plan: (situation, next) => {
      const { experiment } = situation;
      const fields = [...editRefusals(edit, experiment.status), ...referenceRefusals(situation, edit)];
      if (fields.length > 0) return refused(...fields);
      const edited = withEdit(situation, edit, () => ports.ids.next(situation.now));
      const weight = weighEdit(situation, edited);
      if (weight === "nothing") return refused({ code: "nothing_changed", message: "Everything is so already." });
      if (weight === "cosmetic") return planUpdate(situation, { action: "experiment.edit", after: edited });
      const isDraft = !isActive(experiment.status);
      return isDraft
        ? planUpdate(situation, {
            action: "experiment.edit",
            after: {
              experiment: { ...edited.experiment, status: next },
              details: toBeReviewed(edited.details, experiment, actorId),
            },
          })
        : planProposal(ports, situation, { edited, actorId });
    },
  };
}

/**
 * Puts a proposed edit into force once it is approved. Where the recorded subjects show that anyone would move, or where there are
 * none to tell, that has to be confirmed by somebody who has seen how many.
 */
export function applyEditStep(ports: ControlPorts, confirm: boolean): ExperimentStep {
  return {
    action: "apply_edit",
    permission: "experiment.run",
    plan: async (situation, next) => {
      const { details } = situation;
      const { proposal } = details;
      if (proposal === null) {
        return refused({ code: "nothing_to_review", message: "No edit of this experiment has been proposed." });
      }
      const missing = approvalsMissing(ports, situation);
      if (missing !== undefined) return refused(missing);
      const experiment: Experiment = { ...situation.experiment, ...contentOf(proposal.content), status: next };
      const gate = askGate(ports, { ...situation, experiment }, "edit");
      if (gate.refusal !== undefined) return refused(gate.refusal);
      if (!confirm) {
        const preview = await previewOf(ports, situation, experiment);
        if (preview.moved > 0 || preview.subjects === 0) {
          return refused({ code: "confirmation_required", message: whatIsKnown(preview), preview });
        }
      }
      const authors = withAuthor(details.authors, proposal.proposedBy);
      return planUpdate(situation, {
        action: "experiment.apply_edit",
        after: { experiment, details: { ...details, authors, proposal: null } },
        warnings: gate.warnings,
      });
    },
  };
}

function whatIsKnown({ moved, subjects }: EditPreview): string {
  return subjects === 0
    ? "No recorded subject can tell who would move: none was decided for, or their attributes are not recorded."
    : `${moved} of ${subjects} recorded subjects would get something else.`;
}

/** Who would move if an experiment were as given, over the subjects of the last days. */
export function previewOf(
  ports: ControlPorts,
  { configuration, flag, now }: ExperimentSituation,
  edited: Experiment,
): Promise<EditPreview> {
  const since = now - ports.settings.previewDays * MICROS_PER_DAY;
  const flagKey = flag?.key ?? "";
  const subjects = ports.subjects.of({ environmentId: configuration.environmentId, flagKey, since });
  return previewEdit({ configuration, edited, flagKey, subjects, now });
}

function planProposal(
  ports: ControlPorts,
  situation: ExperimentSituation,
  { edited, actorId }: { readonly edited: DescribedExperiment; readonly actorId: string },
): Plan<ExperimentResult> {
  const gate = askGate(ports, { ...situation, ...edited }, "edit");
  if (gate.refusal !== undefined) return refused(gate.refusal);
  const { experiment, now } = situation;
  const proposal = { content: contentOf(edited.experiment), proposedBy: actorId, proposedAt: now };
  return planUpdate(situation, {
    action: "experiment.propose_edit",
    after: {
      // What is not content takes effect at once.
      experiment: { ...edited.experiment, ...contentOf(experiment) },
      details: { ...edited.details, proposal, contentVersion: experiment.version + 1 },
    },
    warnings: gate.warnings,
  });
}

/** What is said about an experiment whose content somebody has just changed: approvals of what was before are void. */
export function toBeReviewed(details: ExperimentDetails, { version }: Experiment, actorId: string): ExperimentDetails {
  return { ...details, authors: withAuthor(details.authors, actorId), contentVersion: version + 1 };
}

function withAuthor(authors: readonly string[], id: string): readonly string[] {
  return authors.includes(id) ? authors : [...authors, id];
}

function referenceRefusals(
  { configuration, experiment }: ExperimentSituation,
  edit: ExperimentEdit,
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (edit.flagId !== undefined && !configuration.flags.some(({ id }) => id === edit.flagId)) {
    refusals.push({ code: "not_found", message: `There is no flag ${edit.flagId}.`, kind: "flag", id: edit.flagId });
  }
  const isTaken = configuration.experiments.some(({ id, key }) => id !== experiment.id && key === edit.key);
  if (edit.key !== undefined && isTaken) {
    refusals.push({ code: "key_taken", message: `Another experiment is called ${edit.key}.`, key: edit.key });
  }
  return refusals;
}

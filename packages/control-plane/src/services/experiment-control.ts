import type { CompletionRequest } from "../experiments/complete.ts";
import { editRefusals, withEdit, type ExperimentEdit } from "../experiments/edit.ts";
import type { LaunchFinding, LaunchStage } from "../experiments/launch-gate.ts";
import type { EditPreview } from "../experiments/preview.ts";
import { mayDo } from "../people/permission.ts";
import { reviewState, type ReviewState } from "../reviews/review-state.ts";
import { refused, type Answer, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import { createExperiment, removeExperiment, type NewExperiment } from "./create-experiment.ts";
import { applyEditStep, editStep, previewOf } from "./edit-steps.ts";
import {
  experimentNotFound,
  findingsOf,
  reviewQuestion,
  runExperimentCommand,
  situationOf,
  type ExperimentCommand,
  type ExperimentResult,
  type ExperimentSituation,
} from "./experiment-command.ts";
import { approveStep, rejectStep, requestChangesStep, withdrawApprovalStep } from "./review-steps.ts";
import {
  archiveStep,
  completeStep,
  pauseStep,
  resumeStep,
  rollbackStep,
  startStep,
  submitStep,
} from "./submit-and-run.ts";

type Commanded = Promise<CommandResult<ExperimentResult>>;

/** A command that judges a version, which therefore has to be named. */
type JudgingCommand = ExperimentCommand & { readonly expectedVersion: number };

/** An experiment seen by those who have to decide about it. */
export interface ExperimentStanding extends ExperimentResult {
  readonly review: ReviewState;
  /** What the launch gate says at the next stage. */
  readonly findings: readonly LaunchFinding[];
}

/**
 * Everything that can be done with experiments. Each command is one commit or none; a refusal says why and what would be allowed.
 * Methods throw what the store throws, and LottyError `revision_conflict` when others were faster again and again.
 */
export interface ExperimentControl {
  create(command: Command & { readonly fields: NewExperiment }): Commanded;
  edit(command: JudgingCommand & { readonly edit: ExperimentEdit }): Commanded;
  submit(command: ExperimentCommand): Commanded;
  approve(command: JudgingCommand & { readonly comment: string | null }): Commanded;
  requestChanges(command: JudgingCommand & { readonly comment: string }): Commanded;
  reject(command: JudgingCommand & { readonly comment: string }): Commanded;
  withdrawApproval(command: ExperimentCommand): Commanded;
  start(command: ExperimentCommand): Commanded;
  pause(command: ExperimentCommand): Commanded;
  /** Pauses, and gives those whom the experiment would take control's value. */
  rollback(command: ExperimentCommand & { readonly reason: string }): Commanded;
  resume(command: ExperimentCommand): Commanded;
  /** Puts the proposed edit of an active experiment into force. */
  applyEdit(command: ExperimentCommand & { readonly confirm: boolean }): Commanded;
  complete(command: ExperimentCommand & { readonly outcome: CompletionRequest }): Commanded;
  archive(command: ExperimentCommand): Commanded;
  remove(command: ExperimentCommand): Promise<CommandResult<null>>;
  /** Who would move if the experiment were edited so. */
  preview(question: ExperimentCommand & { readonly edit: ExperimentEdit }): Promise<Answer<EditPreview>>;
  /** What is missing for the next stage. */
  standing(question: ExperimentCommand): Promise<Answer<ExperimentStanding>>;
}

/** Makes the control of experiments. */
export function createExperimentControl(ports: ControlPorts): ExperimentControl {
  const run = runExperimentCommand.bind(null, ports);
  return {
    create: (command) => createExperiment(ports, command),
    edit: (command) => run(command, editStep(ports, command.actor.id, command.edit)),
    submit: (command) => run(command, submitStep(ports, command.actor.id)),
    approve: (command) => run(command, approveStep(ports, command)),
    requestChanges: (command) => run(command, requestChangesStep(ports, command)),
    reject: (command) => run(command, rejectStep(ports, command)),
    withdrawApproval: (command) => run(command, withdrawApprovalStep(ports, command.actor.id)),
    start: (command) => run(command, startStep(ports)),
    pause: (command) => run(command, pauseStep()),
    rollback: (command) => run(command, rollbackStep(command.reason)),
    resume: (command) => run(command, resumeStep(ports)),
    applyEdit: (command) => run(command, applyEditStep(ports, command.confirm)),
    complete: (command) => run(command, completeStep(ports, command.outcome)),
    archive: (command) => run(command, archiveStep()),
    remove: (command) => removeExperiment(ports, command),
    preview: (question) =>
      answer(ports, question, async (situation) => {
        const refusals = editRefusals(question.edit, situation.experiment.status);
        if (refusals.length > 0) return refused(...refusals);
        const { experiment } = withEdit(situation, question.edit, () => ports.ids.next(situation.now));
        return { status: "done", result: await previewOf(ports, situation, experiment) };
      }),
    standing: (question) =>
      answer(ports, question, (situation) => {
        const { experiment, details } = situation;
        const findings = findingsOf(ports, situation, nextStage(situation));
        const warnings = findings.filter(({ severity }) => severity === "warns");
        const review = reviewState(reviewQuestion(ports, situation));
        return { status: "done", result: { experiment, details, review, findings, warnings } };
      }),
  };
}

async function answer<T>(
  ports: ControlPorts,
  question: ExperimentCommand,
  say: (situation: ExperimentSituation) => Answer<T> | Promise<Answer<T>>,
): Promise<Answer<T>> {
  const refusal = mayDo(question.actor, "read");
  if (refusal !== undefined) return refused(refusal);
  const configuration = await ports.store.load(question.environmentId);
  const situation = await situationOf(ports, question, { configuration, now: ports.clock.now() });
  return situation === undefined ? refused(experimentNotFound(question.experimentId)) : say(situation);
}

function nextStage({ experiment }: ExperimentSituation): LaunchStage {
  switch (experiment.status) {
    case "draft":
      return "submit";
    case "in_review":
    case "approved":
      return "start";
    default:
      return "edit";
  }
}

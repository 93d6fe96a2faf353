import {
  applyEditSchema,
  approvalSchema,
  completionSchema,
  controlProblemSchema,
  experimentEditSchema,
  experimentSchema,
  objectionSchema,
  type Operation,
  plainActionSchema,
  rollbackSchema,
} from "@lotty/contracts";
import { ifMatchParameter, type VersionRule } from "../control/if-match.ts";
import { experimentIdParameter } from "./experiment-operations.ts";

type ActionName =
  | "edit"
  | "submit"
  | "approve"
  | "requestChanges"
  | "reject"
  | "withdrawApproval"
  | "start"
  | "pause"
  | "rollback"
  | "resume"
  | "applyEdit"
  | "complete"
  | "archive";

type ActionFacts = Pick<Operation, "id" | "summary" | "description" | "request"> & { readonly version: VersionRule };

function describeAction({ version, ...facts }: ActionFacts): Operation {
  return {
    ...facts,
    tags: ["Experiments"],
    parameters: [experimentIdParameter, ifMatchParameter(version)],
    answers: {
      200: {
        description: "The experiment as it is now.",
        schema: experimentSchema,
        headers: { ETag: "Its new version." },
      },
    },
    problem: controlProblemSchema,
  };
}

/** What the description of the API says about the actions of experiments. */
export const ACTION_OPERATIONS: Readonly<Record<ActionName, Operation>> = {
  edit: describeAction({
    id: "editExperimentByAction",
    summary: "Edit an experiment",
    description: "The same as `PATCH /v1/experiments/{experiment_id}`.",
    version: "named",
    request: experimentEditSchema,
  }),
  submit: describeAction({
    id: "submitExperiment",
    summary: "Hand a draft to its reviewers",
    version: "any",
    request: plainActionSchema,
  }),
  approve: describeAction({
    id: "approveExperiment",
    summary: "Approve an experiment, or its proposed edit",
    version: "named",
    request: approvalSchema,
  }),
  requestChanges: describeAction({
    id: "requestChanges",
    summary: "Send an experiment back to its authors, or drop its proposed edit",
    version: "named",
    request: objectionSchema,
  }),
  reject: describeAction({
    id: "rejectExperiment",
    summary: "End a review for good",
    version: "named",
    request: objectionSchema,
  }),
  withdrawApproval: describeAction({
    id: "withdrawApproval",
    summary: "Take back one's own approval",
    version: "any",
    request: plainActionSchema,
  }),
  start: describeAction({
    id: "startExperiment",
    summary: "Let an approved experiment take subjects",
    version: "any",
    request: plainActionSchema,
  }),
  pause: describeAction({
    id: "pauseExperiment",
    summary: "Stop taking subjects",
    description: "For admins, experimenters and approvers.",
    version: "optional",
    request: plainActionSchema,
  }),
  rollback: describeAction({
    id: "rollBackExperiment",
    summary: "Stop an experiment and give its subjects control's value",
    description:
      "For admins, experimenters and approvers. The experiment is paused; those whom it would take get the value of its control " +
      "instead of the flag's default, until it is resumed. Assignments stay.",
    version: "optional",
    request: rollbackSchema,
  }),
  resume: describeAction({
    id: "resumeExperiment",
    summary: "Go on after a pause",
    version: "any",
    request: plainActionSchema,
  }),
  applyEdit: describeAction({
    id: "applyEdit",
    summary: "Put a proposed edit into force",
    description: "Takes `confirm` where recorded subjects would move.",
    version: "any",
    request: applyEditSchema,
  }),
  complete: describeAction({
    id: "completeExperiment",
    summary: "End an experiment",
    description: "With `rollout_winner`, the value of the winner becomes the default of the flag in the same step.",
    version: "any",
    request: completionSchema,
  }),
  archive: describeAction({
    id: "archiveExperiment",
    summary: "Put an experiment away",
    version: "any",
    request: plainActionSchema,
  }),
};

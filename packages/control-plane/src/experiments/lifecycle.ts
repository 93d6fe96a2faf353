import { EXPERIMENT_STATUSES, type ExperimentStatus } from "@lotty/domain";
import type { Refusal } from "../refusal.ts";

/** What can be done with an experiment. */
export const LIFECYCLE_ACTIONS = [
  "edit",
  "submit",
  "approve",
  "request_changes",
  "reject",
  "withdraw_approval",
  "start",
  "pause",
  "rollback",
  "resume",
  "apply_edit",
  "complete",
  "archive",
] as const;

/** One of {@link LIFECYCLE_ACTIONS}. */
export type LifecycleAction = (typeof LIFECYCLE_ACTIONS)[number];

/**
 * The life of an experiment: the status that an action leads to, by the status it is done in. What is not named is
 * refused. Reviews of an active experiment are about a proposed edit and leave the status as it is.
 */
export const TRANSITIONS: Readonly<
  Record<LifecycleAction, Readonly<Partial<Record<ExperimentStatus, ExperimentStatus>>>>
> = {
  // What was approved is no longer what would start.
  edit: {
    draft: "draft",
    in_review: "in_review",
    approved: "in_review",
    running: "running",
    paused: "paused",
    completed: "completed",
  },
  submit: { draft: "in_review" },
  // Once nothing is missing; until then the experiment stays in review.
  approve: { in_review: "approved", running: "running", paused: "paused" },
  request_changes: { in_review: "draft", approved: "draft", running: "running", paused: "paused" },
  reject: { in_review: "rejected" },
  // Unless the approvals that are left suffice.
  withdraw_approval: { in_review: "in_review", approved: "in_review", running: "running", paused: "paused" },
  start: { approved: "running" },
  pause: { running: "paused" },
  // Also what is paused already: those in it then get control's value instead of the default.
  rollback: { running: "paused", paused: "paused" },
  resume: { paused: "running" },
  apply_edit: { running: "running", paused: "paused" },
  complete: { running: "completed", paused: "completed" },
  archive: { draft: "archived", approved: "archived", completed: "archived", rejected: "archived" },
};

/** Where an action leads from a status, or why it does not. */
export type Transition =
  | { readonly ok: true; readonly status: ExperimentStatus }
  | { readonly ok: false; readonly refusal: Refusal };

/** What may be done in a status, in the order of {@link LIFECYCLE_ACTIONS}. */
export function allowedActions(status: ExperimentStatus): readonly LifecycleAction[] {
  return LIFECYCLE_ACTIONS.filter((action) => TRANSITIONS[action][status] !== undefined);
}

/** Looks an action up in {@link TRANSITIONS}. */
export function transition(action: LifecycleAction, status: ExperimentStatus): Transition {
  const next = TRANSITIONS[action][status];
  if (next !== undefined) return { ok: true, status: next };
  const allowed = allowedActions(status);
  const takes = EXPERIMENT_STATUSES.filter((each) => TRANSITIONS[action][each] !== undefined);
  const instead = allowed.length === 0 ? "Nothing can be done with it any more" : `Allowed now: ${allowed.join(", ")}`;
  const message = `${action} takes an experiment that is ${orList(takes)}; this one is ${status}. ${instead}.`;
  return { ok: false, refusal: { code: "transition_not_allowed", message, action, status, allowed } };
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

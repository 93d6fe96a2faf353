import type { AnnouncementKind, Experiment, ExperimentDetails, FlagDetails } from "@lotty/domain";
import type { AnnouncementDraft } from "../services/announcements.ts";

/** What people are told of a step on record, and how the sentence about it goes on after the experiment's key. */
const STEPS: Readonly<Record<string, { readonly kind: AnnouncementKind; readonly says: string }>> = {
  "experiment.submit": { kind: "experiment.submitted", says: "waits for its review" },
  "experiment.approve": { kind: "experiment.approved", says: "was approved by a reviewer" },
  "experiment.withdraw_approval": { kind: "experiment.approval_withdrawn", says: "has lost an approval" },
  "experiment.request_changes": { kind: "experiment.changes_requested", says: "needs changes before it is approved" },
  "experiment.reject": { kind: "experiment.rejected", says: "was rejected" },
  "experiment.start": { kind: "experiment.started", says: "was started" },
  "experiment.pause": { kind: "experiment.paused", says: "was paused" },
  "experiment.rollback": { kind: "experiment.rolled_back", says: "was rolled back to its control" },
  "experiment.resume": { kind: "experiment.resumed", says: "goes on" },
  "experiment.propose_edit": {
    kind: "experiment.edit_proposed",
    says: "has a proposed edit that waits for its review",
  },
  "experiment.apply_edit": { kind: "experiment.edit_applied", says: "was edited while it is active" },
  "experiment.complete": { kind: "experiment.completed", says: "was completed" },
  "experiment.archive": { kind: "experiment.archived", says: "was archived" },
};

/** An experiment after a step. */
export interface TakenStep {
  readonly action: string;
  readonly experiment: Experiment;
  readonly details: ExperimentDetails;
  readonly flagDetails: FlagDetails | undefined;
  /** What a reviewer wrote in it, or why it was taken; `null` for nothing. */
  readonly comment: string | null;
}

/** What people are told of a step in an experiment's life; nothing of mere edits of drafts. */
export function announceStep(taken: TakenStep): readonly AnnouncementDraft[] {
  const { action, comment, details, experiment, flagDetails } = taken;
  const step = STEPS[action];
  if (step === undefined) return [];
  const { id, key, status, variants, version } = experiment;
  const { outcome } = details;
  const isOver = step.kind === "experiment.completed" && outcome !== null;
  const winner = variants.find((variant) => variant.id === outcome?.variantId)?.name ?? null;
  const ending = isOver ? `${winner === null ? outcome.kind : `${outcome.kind}, ${winner}`}: ${outcome.comment}` : null;
  return [
    {
      kind: step.kind,
      experiment: { id, key },
      tags: flagDetails?.tags ?? [],
      summary: ending === null ? `${key} ${step.says}.` : `${key} ${step.says} (${ending})`,
      facts: {
        status,
        version,
        ...(comment !== null && { comment }),
        ...(isOver && { outcome: { kind: outcome.kind, variant: winner, comment: outcome.comment } }),
      },
    },
  ];
}

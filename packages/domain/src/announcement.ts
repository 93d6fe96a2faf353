import type { Instant } from "./instant.ts";
import type { JsonObject } from "./json-value.ts";

/** Everything that people can be told about. Part of the public contract: rules of notifications name them. */
export const ANNOUNCEMENT_KINDS = [
  "experiment.submitted",
  "experiment.approved",
  "experiment.approval_withdrawn",
  "experiment.changes_requested",
  "experiment.rejected",
  "experiment.started",
  "experiment.paused",
  "experiment.rolled_back",
  "experiment.resumed",
  "experiment.edit_proposed",
  "experiment.edit_applied",
  "experiment.completed",
  "experiment.archived",
  "guardrail.fired",
  "guardrail.undone",
  "ramp.step_taken",
  "ramp.held",
  "ramp.finished",
  "certificate.passed",
  "certificate.failed",
  "webhook.test",
] as const;

/** One of {@link ANNOUNCEMENT_KINDS}. */
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];

/** Something that has happened and that people may want to be told. Never changes. */
export interface Announcement {
  /** UUIDv7. */
  readonly id: string;
  readonly at: Instant;
  readonly kind: AnnouncementKind;
  /** The experiment it is about; `null` when it is about none. */
  readonly experiment: { readonly id: string; readonly key: string } | null;
  /** Tags of the experiment's flag. */
  readonly tags: readonly string[];
  /** Whoever did it. */
  readonly actorName: string;
  /** One sentence for people, plain text without the actor: `green-button was started.` */
  readonly summary: string;
  /** The same for programs, without secrets. */
  readonly facts: JsonObject;
}

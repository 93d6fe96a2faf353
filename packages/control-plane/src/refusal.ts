import type { AuditedKind, ExperimentStatus, Role } from "@lotty/domain";
import type { LifecycleAction } from "./experiments/lifecycle.ts";
import type { LaunchFinding } from "./experiments/launch-gate.ts";
import type { EditPreview } from "./experiments/preview.ts";
import type { Permission } from "./people/permission.ts";
import type { ReviewState } from "./reviews/review-state.ts";

/** Refusals that say all they have to say in words. */
type PlainRefusalCode =
  /** Nobody approves what they wrote or submitted. */
  | "self_approval"
  /** No approver group of the experiment has the reviewer. */
  | "not_an_approver"
  /** The reviewer has approved this very content. */
  | "already_approved"
  /** The reviewer has no approval that counts. */
  | "no_approval"
  /** Nothing waits for a review. */
  | "nothing_to_review"
  /** The flag is archived, or is not when it has to be. */
  | "flag_archived"
  | "flag_not_archived"
  /** What was sent changes nothing. */
  | "nothing_changed"
  /** There is no room for another event type. */
  | "too_many_event_types";

/** Why a command was refused, and what would be allowed. Codes are part of the public contract; the message is for people. */
export type Refusal =
  | { readonly code: PlainRefusalCode; readonly message: string }
  | {
      readonly code: "forbidden";
      readonly message: string;
      readonly permission: Permission;
      /** The roles that may. */
      readonly roles: readonly Role[];
    }
  | { readonly code: "not_found"; readonly message: string; readonly kind: AuditedKind; readonly id: string }
  | {
      readonly code: "transition_not_allowed";
      readonly message: string;
      readonly action: LifecycleAction;
      readonly status: ExperimentStatus;
      /** What may be done in this status. */
      readonly allowed: readonly LifecycleAction[];
    }
  | { readonly code: "launch_blocked"; readonly message: string; readonly findings: readonly LaunchFinding[] }
  | { readonly code: "approvals_missing"; readonly message: string; readonly review: ReviewState }
  | {
      readonly code: "version_mismatch";
      readonly message: string;
      /** The version that the command was made for. */
      readonly expected: number;
      readonly current: number;
    }
  | { readonly code: "invalid_field"; readonly message: string; readonly field: string }
  | { readonly code: "confirmation_required"; readonly message: string; readonly preview: EditPreview }
  | {
      readonly code: "in_use";
      readonly message: string;
      /** Keys of what uses it. */
      readonly by: readonly string[];
    }
  | { readonly code: "key_taken"; readonly message: string; readonly key: string };

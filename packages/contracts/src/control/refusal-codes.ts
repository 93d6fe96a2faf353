/** Codes of what the control plane refuses; the domain's errors have `forbidden` and `not_found` as well. */
export const REFUSAL_CODES = [
  /** The experiment's status does not take the action; `allowed` says what it does take. */
  "transition_not_allowed",
  /** The launch gate has findings that block. */
  "launch_blocked",
  /** Approvals are missing. */
  "approvals_missing",
  /** Somebody has changed it since the version that the caller has seen. */
  "version_mismatch",
  /** The request does not say which version it was made for. */
  "precondition_required",
  /** A field cannot have this value, or not now. */
  "invalid_field",
  /** Subjects would move; say `confirm` to go on. */
  "confirmation_required",
  /** Something else uses it. */
  "in_use",
  /** Something else of its kind is called so. */
  "key_taken",
  /** Nobody approves what they wrote or submitted. */
  "self_approval",
  /** No approver group of the experiment has the reviewer. */
  "not_an_approver",
  /** The reviewer has approved this very content. */
  "already_approved",
  /** The reviewer has no approval that counts. */
  "no_approval",
  /** Nothing waits for a review. */
  "nothing_to_review",
  /** The flag is archived. */
  "flag_archived",
  /** The flag is not archived. */
  "flag_not_archived",
  /** Everything is as the request wants it. */
  "nothing_changed",
  /** There is no room for another event type. */
  "too_many_event_types",
] as const;

/** One of {@link REFUSAL_CODES}. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

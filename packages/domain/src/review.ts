import type { Instant } from "./instant.ts";

/** What a reviewer may say. */
export const REVIEW_VERDICTS = ["approve", "request_changes", "reject"] as const;

/** One of {@link REVIEW_VERDICTS}. */
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

/** What one reviewer said about one version of an experiment. Never changed but for its withdrawal. */
export interface Review {
  /** UUIDv7. */
  readonly id: string;
  readonly experimentId: string;
  readonly reviewerId: string;
  readonly reviewerName: string;
  readonly verdict: ReviewVerdict;
  readonly comment: string | null;
  /** The experiment's version that the reviewer saw. */
  readonly version: number;
  readonly at: Instant;
  readonly withdrawnAt: Instant | null;
}

/** Whose experiments need whose approvals. */
export interface ApproverGroup {
  /** Lower-case UUID. */
  readonly id: string;
  /** Unique in its environment. */
  readonly name: string;
  /** Ids of those whose experiments the group reviews. */
  readonly experimenters: readonly string[];
  /** Ids of those who may review them. */
  readonly approvers: readonly string[];
  /** How many of them have to approve, from 1. */
  readonly minimum: number;
}

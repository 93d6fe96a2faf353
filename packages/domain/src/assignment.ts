import type { Instant } from "./instant.ts";

/** That a subject takes part in an experiment. One per subject and experiment. */
export interface Assignment {
  readonly experimentId: string;
  readonly variantId: string;
  readonly firstDecidedAt: Instant;
  readonly lastDecidedAt: Instant;
}

/** All assignments of one subject in one environment, in no particular order. */
export type SubjectHistory = readonly Assignment[];

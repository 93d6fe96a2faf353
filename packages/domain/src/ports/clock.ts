import type { Instant } from "../instant.ts";

/** Tells the time. */
export interface Clock {
  /** The current time. */
  now(): Instant;
}

import type { Instant } from "./instant.ts";

/** A named rule that other rules ask for with `IN SEGMENT`. */
export interface Segment {
  /** Lower-case UUID. */
  readonly id: string;
  /** Name by which rules ask for it; unique in its environment. */
  readonly key: string;
  /** Rule text; a blank one is true for every subject. */
  readonly rule: string;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}

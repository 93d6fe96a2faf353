import type { DecisionReason, JsonValue } from "@lotty/domain";
import type { ModelKey } from "../world/key-book.ts";
import type { Question } from "../world/request.ts";

/** One decision of an answer, as it came over the wire. */
export interface GivenDecision {
  readonly id: string;
  readonly flag: string;
  readonly value: JsonValue;
  readonly reason: DecisionReason;
  readonly experimentId: string | null;
  readonly variantId: string | null;
  /** The rule of the flag that gave the value. */
  readonly ruleId: string | null;
  readonly durability: string;
  readonly degraded: boolean;
}

/** A question that was put to a process, and what came of it. Times in milliseconds since the epoch. */
export interface Attempt {
  /** Which turn of the run. */
  readonly turn: number;
  readonly question: Question;
  /** The key that it was asked with. */
  readonly key: ModelKey | null;
  readonly process: string;
  /** How often the process had been started before. */
  readonly life: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `null` when it failed: then it may have been decided or not. */
  readonly decisions: readonly GivenDecision[] | null;
  /** Why it failed. */
  readonly failure: string | null;
}

/** A row of the table of decisions. */
export interface DecisionRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly decidedAt: number;
  readonly subject: string;
  readonly flag: string;
  readonly reason: string;
  readonly experimentId: string | null;
  readonly variantId: string | null;
  readonly ruleId: string | null;
}

/** A row of the table of assignments. Times in milliseconds since the epoch. */
export interface AssignmentRow {
  readonly subject: string;
  readonly experimentId: string;
  readonly variantId: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What can be wrong. */
export const FINDING_KINDS = [
  "unexplained answer",
  "broken promise of durability",
  "missing decision",
  "duplicate decision",
  "wrong row",
  "row without a request",
  "unexplained row",
  "participation limit exceeded",
  "two experiments of a domain",
  "unexplained entry",
  "wrong assignment",
  "revoked key taken",
  "key taken in another environment",
  "refused for no reason",
  "missing event",
  "duplicate event",
  "wrong event",
  "wrong answer to an event",
  "event that nobody sent",
] as const;

/** A kind of fault. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A fault, with what is needed to understand it. */
export interface Finding {
  readonly kind: FindingKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly lines: readonly string[];
}

/** The words that promise a record. */
export const RECORDED_WORDS: readonly string[] = ["committed", "spooled", "queued"];

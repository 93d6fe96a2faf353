import type { HashVersion } from "./experiment.ts";
import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";
import type { DecisionReason } from "./reason.ts";

/**
 * How safe an answered decision is: `committed` in the database, `queued` in the decision stream, `spooled` on the disk of
 * the process while the database is away, or `none` when recording is switched off or was not asked for.
 */
export type Durability = "committed" | "queued" | "spooled" | "none";

/** The answer to "which value of this flag does this subject get, and is it part of the experiment?" */
export interface Decision {
  /** UUIDv7, new for every answer. */
  readonly decisionId: string;
  /** Key of the flag that was asked for. */
  readonly flag: string;
  readonly value: JsonValue;
  readonly experimentId: string | null;
  readonly variantId: string | null;
  readonly reason: DecisionReason;
  /** Id of the flag's rule that gave the value; `null` when none did. */
  readonly ruleId: string | null;
}

/** A decision as it is written to the log of decisions. */
export interface DecisionRecord {
  readonly decisionId: string;
  readonly environmentId: string;
  readonly flagKey: string;
  readonly subjectId: string;
  readonly experimentId: string | null;
  readonly variantId: string | null;
  /** Text form of the value, as the reference stores it. */
  readonly value: string;
  readonly reason: DecisionReason;
  /** Id of the flag's rule that gave the value; `null` when none did. */
  readonly ruleId: string | null;
  /** Version of the flag the decision was taken with; `null` when there is no such flag. */
  readonly flagVersion: number | null;
  readonly experimentVersion: number | null;
  /** SHA-256 of the canonical attributes, lower-case hex; `null` when not recorded. */
  readonly attributesDigest: string | null;
  /**
   * Canonical JSON of the attributes that the digest is of, on its way to a store that keeps them once for all decisions of the
   * subject. What the log gives back never has it: ask the port `RecordedAttributes`.
   */
  readonly attributes?: string;
  readonly hashVersion: HashVersion;
  readonly decidedAt: Instant;
}

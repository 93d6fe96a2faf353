import type { DecisionRecord } from "../decision.ts";
import type { JsonObject } from "../json-value.ts";

/** What names the attributes of a decision. */
export type AttributesReference = Pick<DecisionRecord, "environmentId" | "subjectId" | "attributesDigest">;

/** Reads the attributes of recorded decisions. */
export interface RecordedAttributes {
  /**
   * The attributes that a decision was taken with, or `null` when they are not on record. Those of a decision without any are
   * on record wherever its digest is. One look-up by a primary key.
   *
   * @throws LottyError `database_unavailable`
   */
  of(decision: AttributesReference): Promise<JsonObject | null>;
}

import { isDecisionReason, LottyError, type DecisionRecord } from "@lotty/domain";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlRow } from "../sql/sql-pool.ts";

/** The columns of a decision, as {@link toDecisionRecord} takes them. */
export const DECISION_COLUMNS: string = [
  "decision_id, environment_id, experiment_id, variant_id, reason, rule_id, flag_version, experiment_version, hash_version",
  "encode(attributes_digest, 'hex') AS attributes_digest",
  `${microsOf("decided_at")} AS decided_at`,
  ...["flag_key", "subject_id", "value"].map(exactText),
].join(", ");

/**
 * Builds a decision from the columns of its row.
 *
 * @throws LottyError `schema_mismatch` when a newer version wrote what this one does not know
 */
export function toDecisionRecord(row: SqlRow): DecisionRecord {
  const reason = String(row["reason"]);
  const hashVersion = Number(row["hash_version"]);
  if (!isDecisionReason(reason) || hashVersion !== 1) {
    throw new LottyError("schema_mismatch", "A decision was recorded by a newer version", {
      details: { decisionId: row["decision_id"] },
    });
  }
  return {
    decisionId: String(row["decision_id"]),
    environmentId: String(row["environment_id"]),
    flagKey: String(row["flag_key"]),
    subjectId: String(row["subject_id"]),
    experimentId: textOrNull(row["experiment_id"]),
    variantId: textOrNull(row["variant_id"]),
    value: String(row["value"]),
    reason,
    ruleId: textOrNull(row["rule_id"]),
    flagVersion: numberOrNull(row["flag_version"]),
    experimentVersion: numberOrNull(row["experiment_version"]),
    attributesDigest: textOrNull(row["attributes_digest"]),
    hashVersion,
    decidedAt: Number(row["decided_at"]),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

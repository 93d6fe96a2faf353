import type { SQLInputValue } from "node:sqlite";
import { isDecisionReason, type DecisionRecord } from "@lotty/domain";
import { HeldAssignments } from "./held-assignments.ts";
import { numberOrNull, textOrNull } from "./row-values.ts";
import type { SpoolFormat, SpoolRow } from "./spool-format.ts";

const VERSION = 3;

const UPGRADES: ReadonlyMap<number, string> = new Map([
  [1, "ALTER TABLE spooled ADD COLUMN rule_id TEXT; ALTER TABLE spooled ADD COLUMN attributes TEXT;"],
  [2, "ALTER TABLE spooled ADD COLUMN attributes TEXT;"],
]);

/**
 * `spooled` has the decisions in the order in which they came. `held` has what follows from them, so that a subject's
 * assignments are one look-up however often it was decided for; it may know more than waits, and is emptied with the spool.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS spooled (
  seq INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL,
  refused TEXT,
  decision_id TEXT NOT NULL,
  environment_id TEXT NOT NULL,
  flag_key TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  experiment_id TEXT,
  variant_id TEXT,
  value TEXT NOT NULL,
  reason TEXT NOT NULL,
  flag_version INTEGER,
  experiment_version INTEGER,
  attributes_digest TEXT,
  hash_version INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  rule_id TEXT,
  attributes TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS held (
  subject_id TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  environment_id TEXT NOT NULL,
  variant_id TEXT NOT NULL,
  first_decided_at INTEGER NOT NULL,
  last_decided_at INTEGER NOT NULL,
  PRIMARY KEY (subject_id, experiment_id, environment_id)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${VERSION};
`;

const INSERT = `
INSERT INTO spooled (bytes, decision_id, environment_id, flag_key, subject_id, experiment_id, variant_id, value, reason,
  flag_version, experiment_version, attributes_digest, hash_version, decided_at, rule_id, attributes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** What a row takes besides its texts, in bytes: measured on files of 100,000 decisions. */
const ROW_BYTES = 60;

/** What an assignment's row in `held` takes besides the subject's id. */
const HELD_BYTES = 150;

function bytesOf(decision: DecisionRecord): number {
  const { decisionId, environmentId, experimentId, variantId, attributesDigest, reason, ruleId } = decision;
  const fixed = [
    decisionId,
    environmentId,
    experimentId ?? "",
    variantId ?? "",
    attributesDigest ?? "",
    reason,
    ruleId ?? "",
  ];
  const subject = Buffer.byteLength(decision.subjectId);
  const texts = subject + Buffer.byteLength(decision.flagKey) + Buffer.byteLength(decision.value);
  const attributes = Buffer.byteLength(decision.attributes ?? "");
  const held = reason === "experiment_assigned" ? HELD_BYTES + subject : 0;
  return fixed.reduce((sum, text) => sum + text.length, ROW_BYTES + texts + attributes + held);
}

/** In the order of {@link INSERT}. */
function valuesOf(decision: DecisionRecord): SQLInputValue[] {
  return [
    bytesOf(decision),
    decision.decisionId,
    decision.environmentId,
    decision.flagKey,
    decision.subjectId,
    decision.experimentId,
    decision.variantId,
    decision.value,
    decision.reason,
    decision.flagVersion,
    decision.experimentVersion,
    decision.attributesDigest,
    decision.hashVersion,
    decision.decidedAt,
    decision.ruleId,
    decision.attributes ?? null,
  ];
}

/** The decision of a row; `undefined` when a word of it is not one of ours. Its types are those of the strict table. */
function itemOf(row: SpoolRow): DecisionRecord | undefined {
  const reason = String(row["reason"]);
  if (!isDecisionReason(reason) || row["hash_version"] !== 1) return undefined;
  const attributes = row["attributes"];
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
    ...(typeof attributes === "string" && { attributes }),
    hashVersion: 1,
    decidedAt: Number(row["decided_at"]),
  };
}

/** How decisions lie in a file. */
export const DECISION_FORMAT: SpoolFormat<DecisionRecord, HeldAssignments> = {
  version: VERSION,
  upgrades: UPGRADES,
  tables: TABLES,
  insert: INSERT,
  sinceColumn: "decided_at",
  valuesOf,
  itemOf,
  bytesOf,
  sinceOf: ({ decidedAt }) => decidedAt,
  follow: (database) => new HeldAssignments(database),
};

import { DECISION_REASONS, type DecisionRecord, type DecisionReason } from "@lotty/domain";
import { poolOf } from "./compose-storage.ts";
import { guarded } from "./database-error.ts";
import { exactText } from "./sql/exact-text.ts";
import { runStatement, type SqlRow } from "./sql/sql-pool.ts";
import type { Storage } from "./storage.ts";

/** What can be read back of a stored decision. */
export type StoredDecision = Pick<
  DecisionRecord,
  "decisionId" | "flagKey" | "subjectId" | "experimentId" | "variantId" | "value" | "reason"
>;

/** Removes all configuration, what is said about it and refers to it, assignments and decisions; environments and the chain of changes stay. For tests only. */
export async function emptyStorage(storage: Storage): Promise<void> {
  await guarded(() =>
    runStatement(poolOf(storage), {
      text: `TRUNCATE decisions, attribute_sets, assignments, erasures, change_log, domain_versions, experiment_versions, flag_versions, domain_members,
        conflict_domains, variants, experiments, flags, flag_identities, segment_versions, segments, experiment_details, reviews,
        approver_groups, approver_group_members, analysis_plans, analysis_plan_versions, plan_deviations,
        metrics, metric_versions, measured_metrics, subject_metrics, rollups, stale_rollups, measured_segments, segment_rollups, fold_watermarks,
        event_types, events, first_exposures, pending_exposures, subjects_to_fold, subjects_being_folded,
        announcements, webhooks, notification_rules, deliveries, delivery_announcements, learnings, launch_certificates CASCADE`,
    }),
  );
}

/** What a statement finds, for tests that compare the tables with something else. */
export async function rowsOf(
  storage: Storage,
  text: string,
  values: readonly unknown[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { rows } = await guarded(() => runStatement(poolOf(storage), { text, values }));
  return rows;
}

/** The stored decisions with these ids, in the order of their ids. */
export async function storedDecisions(storage: Storage, ids: readonly string[]): Promise<readonly StoredDecision[]> {
  const { rows } = await guarded(() =>
    runStatement(poolOf(storage), {
      text: `SELECT decision_id, experiment_id, variant_id, reason, ${exactText("flag_key")}, ${exactText("subject_id")},
          ${exactText("value")}
        FROM decisions WHERE decision_id = ANY ($1::uuid[]) ORDER BY decision_id`,
      values: [`{${ids.join(",")}}`],
    }),
  );
  return rows.map(storedDecision);
}

function storedDecision(row: SqlRow): StoredDecision {
  return {
    decisionId: String(row["decision_id"]),
    flagKey: String(row["flag_key"]),
    subjectId: String(row["subject_id"]),
    experimentId: textOrNull(row["experiment_id"]),
    variantId: textOrNull(row["variant_id"]),
    value: String(row["value"]),
    reason: reasonOf(row["reason"]),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function reasonOf(value: unknown): DecisionReason {
  const reason = DECISION_REASONS.find((each) => each === value);
  if (reason === undefined) throw new TypeError(`${String(value)} is not a reason.`);
  return reason;
}

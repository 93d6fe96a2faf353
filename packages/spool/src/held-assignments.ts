import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { DecisionRecord, SubjectHistory } from "@lotty/domain";
import type { FollowUp } from "./spool-format.ts";

/** Adds an assignment; takes subject, experiment, environment, variant and the instant twice. */
const HOLD_ASSIGNMENT = `
INSERT INTO held (subject_id, experiment_id, environment_id, variant_id, first_decided_at, last_decided_at)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  variant_id = CASE WHEN excluded.last_decided_at >= last_decided_at THEN excluded.variant_id ELSE variant_id END,
  first_decided_at = min(first_decided_at, excluded.first_decided_at),
  last_decided_at = max(last_decided_at, excluded.last_decided_at)`;

const HELD_OF =
  "SELECT experiment_id, variant_id, first_decided_at, last_decided_at FROM held WHERE subject_id = ? AND environment_id = ?";

/** The assignments that follow from the decisions of a file; may know more than waits, and is emptied with the file. */
export class HeldAssignments implements FollowUp<DecisionRecord> {
  readonly #database: DatabaseSync;
  readonly #hold: StatementSync;
  readonly #held: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#hold = database.prepare(HOLD_ASSIGNMENT);
    this.#held = database.prepare(HELD_OF);
  }

  added({ decidedAt, environmentId, experimentId, reason, subjectId, variantId }: DecisionRecord): void {
    if (reason !== "experiment_assigned" || experimentId === null || variantId === null) return;
    this.#hold.run(subjectId, experimentId, environmentId, variantId, decidedAt, decidedAt);
  }

  emptied(): void {
    this.#database.exec("DELETE FROM held");
  }

  /** What a subject takes part in. */
  of(environmentId: string, subjectId: string): SubjectHistory {
    return this.#held.all(subjectId, environmentId).map((row) => ({
      experimentId: String(row["experiment_id"]),
      variantId: String(row["variant_id"]),
      firstDecidedAt: Number(row["first_decided_at"]),
      lastDecidedAt: Number(row["last_decided_at"]),
    }));
  }
}

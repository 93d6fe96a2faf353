import type { Assignment } from "@lotty/domain";
import type { SqlRow } from "../sql/sql-pool.ts";

/** Builds an assignment from the columns of its row, times in microseconds. */
export function toAssignment(row: SqlRow): Assignment {
  return {
    experimentId: String(row["experiment_id"]),
    variantId: String(row["variant_id"]),
    firstDecidedAt: Number(row["first_decided_at"]),
    lastDecidedAt: Number(row["last_decided_at"]),
  };
}

import type { Instant, MomentsQuestion } from "@lotty/domain";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import { measureValues, type MeasureKey } from "./measure-key.ts";

/**
 * Events that were received so long ago are committed, or never will be: statements are given up after less by default. Events that had
 * to wait for the database in a stream or on a disk come after the watermark of their time, and are folded all the same.
 */
export const SETTLE_SECONDS = 5;

/** How far measures are. */
export interface MeasureState {
  /** Whether every subject that there is has been measured by the metric; else its numbers come from the events themselves. */
  readonly isFolded: boolean;
  /** Events received before are in the numbers; `null` when nothing was folded in yet. */
  readonly watermark: Instant | null;
}

const STATE = `SELECT ${microsOf("w.watermark")} AS watermark, ${microsOf(`clock_timestamp() - interval '${SETTLE_SECONDS} seconds'`)} AS settled, m.queued_at <= w.watermark AS is_folded
FROM (SELECT) AS always
LEFT JOIN fold_watermarks AS w ON w.environment_id = $1
LEFT JOIN measured_metrics AS m ON m.environment_id = $1 AND m.experiment_id = $2 AND m.metric_id = $3 AND m.metric_version = $4`;

/** Looks how far the measures of a metric are. Only those of exposed subjects are ever folded. */
export async function readMeasureState(
  connection: SqlConnection,
  key: MeasureKey,
  population: MomentsQuestion["population"],
): Promise<MeasureState> {
  const { rows } = await connection.query({ text: STATE, values: [...measureValues(key)] });
  const [row] = rows;
  const isFolded = population === "exposed" && row?.["is_folded"] === true;
  const watermark = isFolded ? row["watermark"] : row?.["settled"];
  return { isFolded, watermark: typeof watermark === "number" ? watermark : null };
}

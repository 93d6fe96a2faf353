import {
  compareCodePoints,
  MAX_SEGMENT_ARMS,
  MAX_SEGMENT_VALUES,
  mergeArmMoments,
  momentColumns,
  type ArmMoments,
  type MomentColumn,
  type MomentsQuestion,
} from "@lotty/domain";
import { textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlConnection, SqlRow } from "../sql/sql-pool.ts";
import { measureValues, type MeasureKey } from "./measure-key.ts";
import { dayText, planDays, type ExposureSpan } from "./moments-plan.ts";
import { momentsOfRow, momentsSql } from "./moments-sql.ts";
import { segmentSql } from "./subject-segment.ts";

/** SQL that picks the rows of a measure from a table `s`. */
const OF_MEASURE = "s.environment_id = $1 AND s.experiment_id = $2 AND s.metric_id = $3 AND s.metric_version = $4";

const STALE = `SELECT cohort_day::text AS cohort_day FROM stale_rollups AS s
WHERE ${OF_MEASURE} AND cohort_day >= $5::date AND cohort_day < $6::date`;

const SUMS = `SELECT variant_id, cohort_day::text AS cohort_day, n, mean, m2 FROM rollups AS s
WHERE ${OF_MEASURE} AND cohort_day >= $5::date AND cohort_day < $6::date AND cohort_day <> ALL ($7::date[])
ORDER BY variant_id, cohort_day`;

const SEGMENT_SUMS = `SELECT variant_id, cohort_day::text AS cohort_day, to_json(segment) AS segment, n, mean, m2 FROM segment_rollups AS s
WHERE ${OF_MEASURE} AND cohort_day >= $5::date AND cohort_day < $6::date AND cohort_day <> ALL ($7::date[]) AND name = $8::text
ORDER BY variant_id, s.segment, cohort_day`;

/** A row when a segment has more values than moments are split by. */
const TOO_MANY_VALUES = `SELECT FROM segment_rollups AS s WHERE ${OF_MEASURE} AND name = $5::text
GROUP BY segment OFFSET ${String(MAX_SEGMENT_VALUES + 1)} LIMIT 1`;

const IS_SUMMED_UP = `SELECT FROM measured_segments AS s WHERE ${OF_MEASURE} AND name = $5::text`;

/** What a folded metric is asked for. */
interface Asked {
  readonly question: MomentsQuestion;
  readonly key: MeasureKey;
  readonly span: ExposureSpan;
  readonly windowMicros: number;
  readonly columns: readonly MomentColumn[];
}

/**
 * Moments of a metric that is folded; `null` when the segment that is asked for has too many values. Inside of a transaction that sees one
 * moment.
 */
export async function foldedMoments(
  connection: SqlConnection,
  question: MomentsQuestion,
  { key, span, windowMicros }: { readonly key: MeasureKey; readonly span: ExposureSpan; readonly windowMicros: number },
): Promise<readonly ArmMoments[] | null> {
  const { definition } = question.metric;
  const asked: Asked = { question, key, span, windowMicros, columns: momentColumns(definition) };
  if (definition.winsorizing !== null || !(await isSummedUp(connection, asked)))
    return subjectMoments(connection, asked, null);
  const plan = planDays(span);
  const wholeDays = [...measureValues(key), dayText(plan.firstWhole), dayText(plan.afterWhole)];
  const stale = await connection.query({ text: STALE, values: wholeDays });
  const bySubject = [...plan.cut.map(dayText), ...stale.rows.map((row) => String(row["cohort_day"]))];
  const { by } = question;
  const segment = typeof by === "object" ? [by.segment] : [];
  if (segment.length > 0) {
    const { rows } = await connection.query({ text: TOO_MANY_VALUES, values: [...measureValues(key), ...segment] });
    if (rows.length > 0) return null;
  }
  const sums = await connection.query({
    text: segment.length === 0 ? SUMS : SEGMENT_SUMS,
    values: [...wholeDays, textArray(bySubject), ...segment],
  });
  const days = [
    ...sums.rows.map((row) => toArm(row, asked.columns)),
    ...(bySubject.length === 0 ? [] : await subjectMoments(connection, asked, bySubject)),
  ];
  days.sort((a, b) => compareCodePoints(nameOf(a), nameOf(b)));
  return by === "cohort_day" ? days : mergeDays(days);
}

/** Whether days of the metric are summed up by what the question splits it by. */
async function isSummedUp(connection: SqlConnection, { key, question: { by } }: Asked): Promise<boolean> {
  if (typeof by !== "object") return true;
  const { rows } = await connection.query({ text: IS_SUMMED_UP, values: [...measureValues(key), by.segment] });
  return rows.length > 0;
}

/**
 * From the measures of subjects: those of some days, or all.
 *
 * @param days days that alone are looked at, split by day; `null` for what the question says
 */
async function subjectMoments(
  connection: SqlConnection,
  asked: Asked,
  days: readonly string[] | null,
): Promise<readonly ArmMoments[]> {
  const { columns, key, question, span, windowMicros } = asked;
  const { by, metric } = question;
  const segment = typeof by === "object" ? [by.segment] : [];
  const group = days !== null || by === "cohort_day" ? "cohort_day::text" : "NULL::text";
  const { definition } = metric;
  const caps = definition.winsorizing;
  const values: unknown[] = [...measureValues(key), span.from + windowMicros, span.to + windowMicros, ...segment];
  const limits: string[] = [];
  if (caps !== null) {
    const filter = (column: MomentColumn): string => (caps.ignoreZeros ? ` FILTER (WHERE ${column} <> 0)` : "");
    for (const [side, share] of [["low", caps.lower] as const, ["high", caps.upper] as const]) {
      if (share === null) continue;
      values.push(share);
      const place = `$${String(values.length)}::float8`;
      for (const column of columns) {
        limits.push(
          `percentile_cont(${place}) WITHIN GROUP (ORDER BY ${column})${filter(column)} AS ${side}_${column}`,
        );
      }
    }
  }
  if (days !== null) values.push(textArray(days));
  const ofDays = days === null ? "" : ` AND s.cohort_day = ANY ($${String(values.length)}::date[])`;
  const capOf = (side: "low" | "high", share: number | null | undefined) => (column: MomentColumn) =>
    typeof share === "number" ? `caps.${side}_${column}` : "NULL";
  const [low, high] = [capOf("low", caps?.lower), capOf("high", caps?.upper)];
  const expression = (column: MomentColumn): string =>
    caps === null ? column : `greatest(${low(column)}, least(${column}, ${high(column)}))`;
  const exposure =
    segment.length === 0
      ? ""
      : " JOIN first_exposures AS f ON f.environment_id = $1 AND f.experiment_id = $2 AND f.subject_id = s.subject_id";
  const few = segment.length === 0 || days !== null ? "" : ` LIMIT ${String(MAX_SEGMENT_ARMS)}`;
  // Not kept in between, so that several processes can read it; with caps it is read twice.
  const text = `WITH chosen AS NOT MATERIALIZED (
  SELECT s.variant_id, s.cohort_day, ${segment.length === 0 ? "NULL::text" : segmentSql("$7::text")} AS segment, ${columns.map((column) => `s.${column}`).join(", ")}
  FROM subject_metrics AS s${exposure}
  WHERE ${OF_MEASURE} AND s.window_end >= ${instantOf("$5::bigint")} AND s.window_end < ${instantOf("$6::bigint")} AND s.value IS NOT NULL${ofDays}
)${limits.length === 0 ? "" : `, caps AS (SELECT ${limits.join(", ")} FROM chosen)`}
SELECT variant_id, ${group} AS cohort_day, to_json(segment) AS segment, ${momentsSql(columns, expression)}
FROM chosen${limits.length === 0 ? "" : " CROSS JOIN caps"} GROUP BY 1, 2, chosen.segment ORDER BY 1, 2, chosen.segment${few}`;
  const { rows } = await connection.query({ text, values });
  return rows.map((row) => toArm(row, columns));
}

function toArm(row: SqlRow, columns: readonly MomentColumn[]): ArmMoments {
  const { cohort_day: cohortDay, segment } = row;
  return {
    variantId: String(row["variant_id"]),
    cohortDay: typeof cohortDay === "string" ? cohortDay : null,
    segment: typeof segment === "string" ? segment : null,
    columns,
    ...momentsOfRow(row),
  };
}

/** By variant, segment, and day; those in no segment come last, as the database has them. */
function nameOf(arm: ArmMoments): string {
  return `${groupOf(arm)} ${arm.cohortDay ?? ""}`;
}

function groupOf({ segment, variantId }: ArmMoments): string {
  return segment === null ? `${variantId} 1` : `${variantId} 0 ${segment}\0`;
}

/** Days of one variant and segment taken together, in their order. */
function mergeDays(days: readonly ArmMoments[]): readonly ArmMoments[] {
  return [...Map.groupBy(days, groupOf).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { columns, segment, variantId } = first;
    return [{ variantId, cohortDay: null, segment, columns, ...mergeArmMoments(own) }];
  });
}

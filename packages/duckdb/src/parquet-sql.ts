import { MAX_SEGMENT_ARMS, momentColumns, type Instant, type MomentColumn, type MomentsQuestion } from "@lotty/domain";

/** A statement with its parameters. */
export interface ParquetStatement {
  readonly text: string;
  readonly values: (string | number | bigint)[];
}

/** Files that a question is answered from. */
export interface QuestionFiles {
  readonly measures: string;
  readonly exposures: string;
  readonly watermark: Instant | null;
}

/** Which rows of the measures `s` a question is about: those with a value. */
function chosenRows(question: MomentsQuestion, files: QuestionFiles): ParquetStatement {
  const values: ParquetStatement["values"] = [files.measures];
  const conditions = ["s.value IS NOT NULL"];
  const bound = (expression: string, comparison: string, instant: Instant): void => {
    values.push(BigInt(instant));
    conditions.push(`epoch_us(${expression}) ${comparison} $${values.length}::BIGINT`);
  };
  if (question.from !== null) bound("s.exposed_at", ">=", question.from);
  if (question.to !== null) bound("s.exposed_at", "<", question.to);
  // A window that ends at the watermark is over: it does not hold its end.
  if (question.completeOnly && files.watermark !== null) bound("s.window_end", "<=", files.watermark);
  if (question.completeOnly && files.watermark === null) conditions.push("false");
  return { text: conditions.join(" AND "), values };
}

/** Reads the measures of all subjects that a question is about, in the order of their ids. */
export function valuesSql(question: MomentsQuestion, files: QuestionFiles): ParquetStatement {
  const { text, values } = chosenRows(question, files);
  return {
    text: `SELECT s.subject_id, s.variant_id, epoch_us(s.exposed_at) AS exposed_micros, s.value, s.denominator, s.event_values FROM read_parquet($1) AS s
WHERE ${text} ORDER BY s.subject_id`,
    values,
  };
}

/**
 * Works out the moments that a question asks for: `n`, `mean` and `m2`, the latter row by row of the lower triangle. Means are summed up
 * with compensation (Kahan), products of deviations by Welford's method: both keep their digits where the mean is large.
 */
export function momentsSql(question: MomentsQuestion, files: QuestionFiles): ParquetStatement {
  const { by, metric } = question;
  const columns = momentColumns(metric.definition);
  const { text: chosen, values } = chosenRows(question, files);
  const segmented = typeof by === "object";
  let [segment, join] = ["NULL::VARCHAR", ""];
  if (segmented) {
    values.push(by.segment, files.exposures);
    segment = `e.segments[$${values.length - 1}]`;
    join = ` JOIN read_parquet($${values.length}) AS e ON e.subject_id = s.subject_id`;
  }
  const { capped, limits } = caps(question, columns, values);
  const names = columns.map((column) => capped(column));
  const products = names.flatMap((one, i) => names.slice(0, i + 1).map((other) => `regr_sxy(${one}, ${other})`));
  const day = by === "cohort_day" ? "chosen.cohort_day::VARCHAR" : "NULL::VARCHAR";
  return {
    text: `WITH chosen AS NOT MATERIALIZED (
  SELECT s.variant_id, s.cohort_day, ${segment} AS segment, ${columns.map((column) => `s.${column}`).join(", ")}
  FROM read_parquet($1) AS s${join} WHERE ${chosen}
)${limits.length === 0 ? "" : `, caps AS (SELECT ${limits.join(", ")} FROM chosen)`}
SELECT chosen.variant_id, ${day} AS cohort_day, chosen.segment, count(*) AS n,
  [${names.map((name) => `favg(${name})`).join(", ")}] AS mean, [${products.join(", ")}] AS m2
FROM chosen${limits.length === 0 ? "" : " CROSS JOIN caps"} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3${segmented ? ` LIMIT ${MAX_SEGMENT_ARMS}` : ""}`,
    values,
  };
}

/** How extreme values are pulled in: to percentiles over all variants of everything that was asked for. */
function caps(
  { metric: { definition } }: MomentsQuestion,
  columns: readonly MomentColumn[],
  values: ParquetStatement["values"],
): { readonly limits: readonly string[]; readonly capped: (column: MomentColumn) => string } {
  const { winsorizing } = definition;
  if (winsorizing === null) return { limits: [], capped: (column) => `chosen.${column}` };
  const { ignoreZeros, lower, upper } = winsorizing;
  const limits: string[] = [];
  for (const [side, share] of [["low", lower] as const, ["high", upper] as const]) {
    if (share === null) continue;
    values.push(share);
    for (const column of columns) {
      const filter = ignoreZeros ? ` FILTER (WHERE ${column} <> 0)` : "";
      limits.push(`quantile_cont(${column}, $${values.length}::DOUBLE)${filter} AS ${side}_${column}`);
    }
  }
  // Limits that are not there are passed over: the functions look at what is not null.
  const limit = (side: string, share: number | null, column: string): string =>
    share === null ? "NULL" : `caps.${side}_${column}`;
  return {
    limits,
    capped: (column) =>
      `greatest(${limit("low", lower, column)}, least(chosen.${column}, ${limit("high", upper, column)}))`,
  };
}

import type { DuckDBAppender, DuckDBConnection } from "@duckdb/node-api";
import { MICROS_PER_DAY, type ExportedExposure, type ExportedMeasure } from "@lotty/domain";
import type { DuckDb } from "./load-duckdb.ts";

/** How rows of one kind become columns. */
export interface Sheet<Row> {
  /** SQL of the columns as they are appended. */
  readonly columns: string;
  /** SQL of what is written of them. */
  readonly written: string;
  /** Appends a row, all its columns in their order. */
  readonly append: (duckdb: DuckDb, appender: DuckDBAppender, row: Row) => void;
}

/** First exposures: one row for each subject of the experiment. */
export const EXPOSURES: Sheet<ExportedExposure> = {
  columns: `subject_id VARCHAR, variant_id VARCHAR, exposed_at BIGINT, several BOOLEAN, segments VARCHAR`,
  // As JSON on the way: a native map made for each row takes five times as long, and memory that is given back late.
  written: `* REPLACE (${instant("exposed_at")}, segments::JSON::MAP(VARCHAR, VARCHAR) AS segments)`,
  append: (_duckdb, appender, { exposedAt, segments, several, subjectId, variantId }) => {
    appender.appendVarchar(subjectId);
    appender.appendVarchar(variantId);
    appender.appendBigInt(BigInt(exposedAt));
    appender.appendBoolean(several);
    appender.appendVarchar(JSON.stringify(segments));
  },
};

/** Measures of one metric: one row for each subject that it has measured. */
export const MEASURES: Sheet<ExportedMeasure> = {
  columns: `subject_id VARCHAR, variant_id VARCHAR, exposed_at BIGINT, cohort_day DATE, window_end BIGINT, value DOUBLE,
    denominator DOUBLE, covariate DOUBLE, covariate_denominator DOUBLE, events INTEGER, event_values DOUBLE[]`,
  written: `* REPLACE (${instant("exposed_at")}, ${instant("window_end")})`,
  append: (duckdb, appender, row) => {
    appender.appendVarchar(row.subjectId);
    appender.appendVarchar(row.variantId);
    appender.appendBigInt(BigInt(row.exposedAt));
    appender.appendDate(new duckdb.DuckDBDateValue(Math.floor(row.exposedAt / MICROS_PER_DAY)));
    appender.appendBigInt(BigInt(row.windowEnd));
    for (const number of [row.value, row.denominator, row.covariate, row.covariateDenominator]) {
      if (number === null) appender.appendNull();
      else appender.appendDouble(number);
    }
    appender.appendInteger(row.events);
    if (row.values === null) appender.appendNull();
    else appender.appendList(row.values, duckdb.LIST(duckdb.DOUBLE));
  },
};

/**
 * Writes pages of rows to a Parquet file, in their order. Pages go through a table in the file of the connection's database, so that
 * memory holds a few of them only.
 *
 * @returns how many rows
 */
export async function writeSheet<Row>(
  { connection, duckdb }: { readonly connection: DuckDBConnection; readonly duckdb: DuckDb },
  sheet: Sheet<Row>,
  { pages, path }: { readonly pages: AsyncIterable<readonly Row[]>; readonly path: string },
): Promise<number> {
  // In one transaction: else each of the appender's own steps is synced to the disk.
  await connection.run("BEGIN");
  await connection.run(`CREATE TABLE sheet (${sheet.columns})`);
  const appender = await connection.createAppender("sheet");
  let rows = 0;
  try {
    for await (const page of pages) {
      for (const row of page) {
        sheet.append(duckdb, appender, row);
        appender.endRow();
      }
      rows += page.length;
    }
  } finally {
    appender.closeSync();
  }
  await connection.run(
    `COPY (SELECT ${sheet.written} FROM sheet) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  await connection.run("DROP TABLE sheet");
  await connection.run("COMMIT");
  return rows;
}

/** SQL of an instant that was appended as microseconds: a value of DuckDB's own made for each row takes four times as long. */
function instant(column: string): string {
  return `make_timestamptz(${column}) AS ${column}`;
}

import type { MomentColumn } from "@lotty/domain";
import type { SqlRow } from "../sql/sql-pool.ts";

/**
 * SQL of the moments of some columns: `n`, `mean` and `m2`, the latter row by row of the lower triangle. The regression aggregates work by
 * Youngs & Cramer; a sum of squares less the square of the sum loses all digits where the mean is large.
 *
 * @param expressionOf SQL of a column, of type float8
 */
export function momentsSql(
  columns: readonly MomentColumn[],
  expressionOf: (column: MomentColumn) => string = (column) => column,
): string {
  const names = columns.map(expressionOf);
  const products = names.flatMap((one, i) => names.slice(0, i + 1).map((other) => `regr_sxy(${one}, ${other})`));
  return `count(*) AS n, ARRAY[${names.map((name) => `avg(${name})`).join(", ")}] AS mean, ARRAY[${products.join(", ")}] AS m2`;
}

/** The moments of a row that {@link momentsSql} made. */
export function momentsOfRow(row: SqlRow): {
  readonly n: number;
  readonly mean: readonly number[];
  readonly m2: readonly (readonly number[])[];
} {
  const mean = numbersOf(row["mean"]);
  const triangle = numbersOf(row["m2"]);
  const entry = (i: number, j: number): number => triangle[i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i] ?? 0;
  return { n: Number(row["n"]), mean, m2: mean.map((_, i) => mean.map((__, j) => entry(i, j))) };
}

/** A float8 array as a driver gives it. */
export function numbersOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

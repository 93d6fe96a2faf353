import { chiSquaredLogSf } from "../distributions/chi-squared.ts";
import { pValueOf, type PValue } from "../distributions/p-value.ts";
import { checkEach, checkSameLength } from "../input/check-input.ts";
import { differenceOfProducts } from "../numerics/difference-of-products.ts";

/** Pearson's chi-squared test of a table of counts. */
export type IndependenceTest =
  | (PValue & {
      readonly status: "ok";
      readonly chiSquared: number;
      /** (rows - 1) (columns - 1), of those that have a count. */
      readonly df: number;
    })
  /** Fewer than two rows or columns have a count. */
  | { readonly status: "no_data" };

/**
 * Tests whether two classifications of subjects have to do with each other: the arms of two experiments, or an arm and a
 * property that it must not change.
 *
 * @param table counts, row by row
 * @throws LottyError `invalid_request`
 */
export function testIndependence(table: readonly (readonly number[])[]): IndependenceTest {
  checkSameLength(Object.fromEntries(table.map((row, index) => [`table[${String(index)}]`, row])));
  for (const [index, row] of table.entries()) checkEach("count", `table[${String(index)}]`, row);
  const rowSums = table.map(sum);
  const columnSums = (table[0] ?? []).map((_, column) => sum(table.map((row) => row[column] ?? 0)));
  const rows = rowSums.filter((count) => count > 0).length;
  const columns = columnSums.filter((count) => count > 0).length;
  if (rows < 2 || columns < 2) return { status: "no_data" };
  const total = sum(rowSums);
  let chiSquared = 0;
  for (const [row, counts] of table.entries()) {
    for (const [column, count] of counts.entries()) {
      const [inRow, inColumn] = [rowSums[row] ?? 0, columnSums[column] ?? 0];
      // count - expected, times the total, from exact products.
      const difference = differenceOfProducts([count, total], [inRow, inColumn]);
      if (inRow > 0 && inColumn > 0) chiSquared += (difference / inRow / inColumn) * (difference / total);
    }
  }
  const df = (rows - 1) * (columns - 1);
  return { status: "ok", chiSquared, df, ...pValueOf(chiSquaredLogSf(chiSquared, df)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

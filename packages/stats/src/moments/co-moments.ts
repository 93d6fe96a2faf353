import { checkEach, checkNumbers, invalidInput } from "../input/check-input.ts";
import { entry, entryAt, type Matrix, type Vector } from "../linear-algebra/matrix.ts";

/**
 * All that tests of several measurements per subject need to know: the means of k columns and how the columns vary together.
 * The order of the columns is that of the test which takes them.
 */
export interface CoMoments {
  /** How many subjects, ≥ 0. With none, means and co-moments are not read. */
  readonly n: number;
  readonly mean: Vector;
  /** Symmetric k × k matrix: Σ (a_i - ā_i)(a_j - ā_j). */
  readonly m2: Matrix;
}

/**
 * Checks the co-moments of an arm.
 *
 * @param columns how many there have to be
 * @throws LottyError `invalid_request` for a broken count, another shape, or numbers that are not finite
 */
export function checkCoMoments(name: string, { n, mean, m2 }: CoMoments, columns: number): void {
  checkNumbers("count", { [`${name}.n`]: n });
  if (n === 0) return;
  if (mean.length !== columns || m2.length !== columns || m2.some((row) => row.length !== columns)) {
    throw invalidInput(`${name} has to have ${String(columns)} means and as many rows and columns of co-moments.`);
  }
  checkEach("finite", `${name}.mean`, mean);
  for (const [row, values] of m2.entries()) {
    checkEach("finite", `${name}.m2[${String(row)}]`, values);
    checkNumbers("not negative", { [`${name}.m2[${String(row)}][${String(row)}]`]: entry(values, row) });
  }
}

/** How many columns the arms have: those of the first arm that has subjects. */
export function columnsOf(arms: readonly CoMoments[]): number {
  return arms.find(({ n }) => n > 0)?.mean.length ?? 0;
}

/** The co-moments of both arms taken as one set of subjects, each with n > 0 (Chan, Golub & LeVeque 1979, for products). */
export function pooledCoMoments(a: CoMoments, b: CoMoments): Matrix {
  const factor = (a.n / (a.n + b.n)) * b.n;
  const distance = a.mean.map((mean, i) => entry(b.mean, i) - mean);
  return a.m2.map((row, i) =>
    row.map((value, j) => value + entryAt(b.m2, i, j) + entry(distance, i) * entry(distance, j) * factor),
  );
}

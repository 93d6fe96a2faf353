import { entry, entryAt, type Matrix, type Vector } from "./matrix.ts";

/** What is left of a column's variance, relative to all of it, below which it is a combination of the columns before it. */
const COLLINEAR = 1e-12;

/**
 * Solves S θ = s for a covariance matrix S: the slopes of a linear regression. A column that does not vary, or that is a
 * combination of columns before it, gets the slope 0, as if it had been left out. O(k³).
 *
 * Cholesky's decomposition of the correlation matrix, so that the units of the columns do not matter.
 */
export function solveNormalEquations(covariances: Matrix, right: Vector): Vector {
  const size = right.length;
  const scale = right.map((_, i) => Math.sqrt(entryAt(covariances, i, i)));
  const used = scale.map((value) => value > 0);
  const factor: number[][] = [];
  const half: number[] = [];
  for (let i = 0; i < size; i += 1) {
    const row: number[] = [];
    for (let j = 0; j < i; j += 1) {
      const known = inner(row, factor[j] ?? [], j);
      const correlation = entryAt(covariances, i, j) / (entry(scale, i) * entry(scale, j));
      row.push(used[i] === true && used[j] === true ? (correlation - known) / entryAt(factor, j, j) : 0);
    }
    const left = 1 - inner(row, row, i);
    if (left <= COLLINEAR) used[i] = false;
    row.push(used[i] === true ? Math.sqrt(left) : 1);
    factor.push(row);
    half.push(used[i] === true ? (entry(right, i) / entry(scale, i) - inner(row, half, i)) / entry(row, i) : 0);
  }
  return substituteBack(factor, half).map((value, i) => (used[i] === true ? value / entry(scale, i) : 0));
}

function substituteBack(factor: Matrix, half: Vector): Vector {
  const size = half.length;
  const solution = half.map(() => 0);
  for (let i = size - 1; i >= 0; i -= 1) {
    let value = entry(half, i);
    for (let j = i + 1; j < size; j += 1) value -= entryAt(factor, j, i) * entry(solution, j);
    solution[i] = value / entryAt(factor, i, i);
  }
  return solution;
}

/** Σ a_i b_i over the first `count` entries. */
function inner(a: Vector, b: Vector, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += entry(a, i) * entry(b, i);
  return sum;
}

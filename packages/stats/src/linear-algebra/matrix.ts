/** A vector of real numbers. */
export type Vector = readonly number[];

/** A matrix as a list of its rows. */
export type Matrix = readonly Vector[];

/** The entry of a vector; reading outside of it is a defect. */
export function entry(vector: Vector, index: number): number {
  const value = vector[index];
  if (value === undefined)
    throw new RangeError(`There is no entry ${String(index)} in a vector of ${String(vector.length)}.`);
  return value;
}

/** The entry of a matrix at a row and a column; reading outside of it is a defect. */
export function entryAt(matrix: Matrix, row: number, column: number): number {
  return entry(matrix[row] ?? [], column);
}

/** Σ a_i b_i. */
export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, index) => sum + value * entry(b, index), 0);
}

/** a' M b. */
export function quadraticForm(a: Vector, matrix: Matrix, b: Vector): number {
  return dot(
    a,
    matrix.map((row) => dot(row, b)),
  );
}

/** a - b, entry by entry. */
export function subtract(a: Vector, b: Vector): Vector {
  return a.map((value, index) => value - entry(b, index));
}

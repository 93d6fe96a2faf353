import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot, type Matrix } from "./matrix.ts";
import { solveNormalEquations } from "./solve-normal-equations.ts";

const rows = fc.array(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }), {
  minLength: 8,
  maxLength: 20,
});

function crossProducts(of: Matrix): Matrix {
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => of.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)));
}

describe("solveNormalEquations", () => {
  it("finds slopes that the equations hold for, in any units", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -8, max: 8 }), (values, exponent) => {
        // The unit matrix on top keeps the columns apart.
        const matrix = crossProducts([[1, 0, 0], [0, 1, 0], [0, 0, 1], ...values]);
        const unit = 10 ** exponent;
        const scaled = matrix.map((row, i) =>
          row.map((value, j) => value * (i === 1 ? unit : 1) * (j === 1 ? unit : 1)),
        );
        // The slope of a column is in the inverse of its unit.
        const slopes = [1, -2 / unit, 3];
        const found = solveNormalEquations(
          scaled,
          scaled.map((row) => dot(row, slopes)),
        );
        for (const [index, slope] of slopes.entries()) expect((found[index] ?? 0) / slope).toBeCloseTo(1, 6);
      }),
    );
  });

  it("gives a column that does not vary, or repeats another, the slope 0", () => {
    expect(solveNormalEquations([[0]], [0])).toStrictEqual([0]);
    const [first, second, third] = solveNormalEquations(
      [
        [4, 8, 0],
        [8, 16, 0],
        [0, 0, 1],
      ],
      [8, 16, 5],
    );
    expect(first).toBeCloseTo(2, 12);
    expect(second).toBe(0);
    expect(third).toBeCloseTo(5, 12);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeArmMoments, type Moments } from "./merge-arm-moments.ts";

/** Two passes over all rows: slow and plain. */
function momentsOf(rows: readonly (readonly [number, number])[]): Moments {
  const n = rows.length;
  const mean = [0, 1].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) / Math.max(1, n));
  const product = (i: number, j: number): number =>
    rows.reduce((sum, row) => sum + ((row[i] ?? 0) - (mean[i] ?? 0)) * ((row[j] ?? 0) - (mean[j] ?? 0)), 0);
  return { n, mean, m2: [0, 1].map((i) => [0, 1].map((j) => product(i, j))) };
}

describe("merged moments", () => {
  it("are those of the union, at an offset of a billion too", () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: -10, max: 10 }));
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 8 }), { maxLength: 6 }), (parts) => {
        const shifted = parts.map((rows) => rows.map(([x, y]) => [x + 1e9, y] as const));
        const merged = mergeArmMoments(shifted.map(momentsOf));
        const whole = momentsOf(shifted.flat());
        expect(merged.n).toBe(whole.n);
        if (whole.n === 0) return;
        merged.mean.forEach((mean, column) => expect(mean).toBeCloseTo(whole.mean[column] ?? NaN, 5));
        merged.m2.forEach((sums, i) => sums.forEach((sum, j) => expect(sum).toBeCloseTo(whole.m2[i]?.[j] ?? NaN, 3)));
      }),
    );
  });

  it("say nothing of what a single part says besides", () => {
    const part = { n: 1, mean: [2], m2: [[0]], cohortDay: "2026-01-01" };
    expect(mergeArmMoments([part])).toStrictEqual({ n: 1, mean: [2], m2: [[0]] });
  });

  it("are nothing without subjects", () => {
    expect(mergeArmMoments([])).toStrictEqual({ n: 0, mean: [], m2: [] });
  });
});

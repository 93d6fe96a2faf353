import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CoMoments } from "./co-moments.ts";
import { mergeCoMoments, NO_CO_MOMENTS } from "./merge-co-moments.ts";
import { mergeMoments } from "./merge-moments.ts";
import { momentsOf } from "./moments.ts";

const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 });

function coMomentsOf(of: readonly (readonly [number, number])[]): CoMoments {
  const columns = [0, 1].map((column) => of.map((row) => row[column] ?? 0));
  const mean = columns.map((column) => momentsOf(column).mean ?? 0);
  const m2 = columns.map((a, i) =>
    columns.map((b, j) => a.reduce((sum, x, k) => sum + (x - (mean[i] ?? 0)) * ((b[k] ?? 0) - (mean[j] ?? 0)), 0)),
  );
  return { n: of.length, mean, m2 };
}

describe("mergeCoMoments", () => {
  it("gives the co-moments of all rows, however they are cut up", () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = mergeCoMoments([NO_CO_MOMENTS, ...parts.map(coMomentsOf)]);
        const whole = coMomentsOf(parts.flat());
        expect(merged.n).toBe(whole.n);
        for (const [i, mean] of whole.mean.entries()) expect(merged.mean[i]).toBeCloseTo(mean, 8);
        for (const [i, row] of whole.m2.entries()) {
          for (const [j, product] of row.entries()) {
            expect(Math.abs((merged.m2[i]?.[j] ?? Number.NaN) - product)).toBeLessThan(1e-9 * whole.n * 1e6);
          }
        }
      }),
    );
  });

  it("agrees with the merge of single columns to the last digits", () => {
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        const both = mergeCoMoments([one, other].map(coMomentsOf));
        const single = mergeMoments([one, other].map((part) => momentsOf(part.map(([first]) => first))));
        expect(both.mean[0]).toBeCloseTo(single.mean ?? Number.NaN, 9);
      }),
    );
  });

  it("has nobody in no parts", () => {
    expect(mergeCoMoments([])).toStrictEqual({ n: 0, mean: [], m2: [] });
  });

  it("refuses parts with different columns", () => {
    const one = { n: 1, mean: [1], m2: [[0]] };
    expect(() => mergeCoMoments([one, coMomentsOf([[1, 2]])])).toThrow("parts[1]");
  });
});

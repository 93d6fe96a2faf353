import { isLottyError } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeMoments } from "./merge-moments.ts";
import { momentsOf, NO_MOMENTS, sampleVariance, type Moments } from "./moments.ts";

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 30 });

function expectSame(actual: Moments, expected: Moments): void {
  expect(actual.n).toBe(expected.n);
  expect(actual.mean === null).toBe(expected.mean === null);
  expect(actual.mean ?? 0).toBeCloseTo(expected.mean ?? 0, 9);
  expect(actual.m2 ?? 0).toBeCloseTo(expected.m2 ?? 0, 5);
}

describe("mergeMoments", () => {
  it("gives what one pass over all values gives", () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), (parts) => {
        expectSame(mergeMoments(parts.map(momentsOf)), momentsOf(parts.flat()));
      }),
    );
  });

  it("is associative and does not mind the order", () => {
    fc.assert(
      fc.property(values, values, values, (x, y, z) => {
        const [a, b, c] = [momentsOf(x), momentsOf(y), momentsOf(z)];
        expectSame(mergeMoments([a, mergeMoments([b, c])]), mergeMoments([mergeMoments([a, b]), c]));
        expectSame(mergeMoments([c, a, b]), mergeMoments([a, b, c]));
      }),
    );
  });

  it("keeps moments as they are beside empty ones, and nothing as nothing", () => {
    const some = momentsOf([1, 2, 4]);
    expect(mergeMoments([NO_MOMENTS, some, NO_MOMENTS])).toStrictEqual(some);
    expect(mergeMoments([])).toStrictEqual({ n: 0, mean: null, m2: null });
    expect(sampleVariance(mergeMoments([]))).toBeNull();
  });

  it("keeps the digits that sums of squares lose", () => {
    const offset = 1e15;
    const merged = mergeMoments([momentsOf([offset, offset + 1, offset + 2]), momentsOf([offset + 3, offset + 1])]);
    expect(merged.m2).toBeCloseTo(5.2, 12);
  });

  it.each<[string, Moments]>([
    ["a negative count", { n: -1, mean: 0, m2: 0 }],
    ["half a value", { n: 1.5, mean: 0, m2: 0 }],
    ["values without a mean", { n: 2, mean: null, m2: 1 }],
    ["a mean that is not finite", { n: 2, mean: Number.NaN, m2: 1 }],
    ["negative squares", { n: 2, mean: 1, m2: -1 }],
  ])("refuses %s", (_, broken) => {
    let thrown: unknown;
    try {
      mergeMoments([broken]);
    } catch (error) {
      thrown = error;
    }
    expect(isLottyError(thrown, "invalid_request")).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { normalLogSf } from "./normal.ts";
import { pValueOf, symmetricPValue } from "./p-value.ts";

describe("a p-value", () => {
  it("keeps its logarithm where it is smaller than any double itself", () => {
    expect(pValueOf(-10_000)).toStrictEqual({ p: 0, log10P: -10_000 / Math.LN10 });
  });

  it("has no logarithm when it is 0", () => {
    expect(pValueOf(-Infinity)).toStrictEqual({ p: 0, log10P: null });
  });

  it("is at most 1, whatever rounding says", () => {
    expect(pValueOf(1e-17)).toStrictEqual({ p: 1, log10P: 0 });
    expect(symmetricPValue(0, "two-sided", normalLogSf)).toStrictEqual({ p: 1, log10P: 0 });
  });

  it("counts the side that the alternative names", () => {
    const [greater, less] = (["greater", "less"] as const).map((side) => symmetricPValue(1.2, side, normalLogSf).p);
    expect((greater ?? 0) + (less ?? 0)).toBeCloseTo(1, 14);
    expect(symmetricPValue(1.2, "two-sided", normalLogSf).p).toBeCloseTo(2 * (greater ?? 0), 14);
  });
});

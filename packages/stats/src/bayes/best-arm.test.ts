import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf, normalExcess } from "../distributions/normal.ts";
import { bestArm } from "./best-arm.ts";

const arm = fc.record({
  mean: fc.double({ min: -2, max: 2, noNaN: true }),
  se: fc.oneof(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.double({ min: 1e-4, max: 1e-3, noNaN: true })),
});
const OPTIONS = { maximize: true, floor: 0 };

function split(arms: readonly { readonly mean: number; readonly se: number }[]): { means: number[]; ses: number[] } {
  return { means: arms.map(({ mean }) => mean), ses: arms.map(({ se }) => se) };
}

describe("bestArm", () => {
  it("has probabilities and weights that add up to 1", () => {
    fc.assert(
      fc.property(
        fc.array(arm, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(0, 0.05, 0.9),
        fc.boolean(),
        (arms, floor, maximize) => {
          const { pBest, weights } = bestArm(split(arms), { maximize, floor });
          for (const list of [pBest, weights]) expect(list.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
          if (floor * arms.length < 1) expect(Math.min(...weights)).toBeGreaterThanOrEqual(floor - 1e-12);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("agrees with the closed forms of two arms", () => {
    fc.assert(
      fc.property(arm, arm, (one, other) => {
        const spread = Math.hypot(one.se, other.se);
        const z = (one.mean - other.mean) / spread;
        const { pBest, expectedLoss } = bestArm(split([one, other]), OPTIONS);
        expect(pBest[0]).toBeCloseTo(normalCdf(z), 9);
        expect(expectedLoss[0]).toBeCloseTo(spread * normalExcess(z), 9);
      }),
    );
  });

  it("loses the more by an arm the lower its mean is, by exactly the difference", () => {
    fc.assert(
      fc.property(arm, arm, arm, (a, b, c) => {
        const { expectedLoss } = bestArm(split([a, b, c]), OPTIONS);
        expect((expectedLoss[1] ?? 0) - (expectedLoss[0] ?? 0)).toBeCloseTo(a.mean - b.mean, 8);
      }),
      { numRuns: 50 },
    );
  });

  it("is certain of an only arm", () => {
    const { pBest, expectedLoss, weights } = bestArm({ means: [3], ses: [1] }, { maximize: false, floor: 0.2 });
    expect(pBest[0]).toBeCloseTo(1, 12);
    expect(expectedLoss[0]).toBeCloseTo(0, 12);
    expect(weights[0]).toBeCloseTo(1, 12);
  });

  it.each([
    ["no arms", { means: [], ses: [] }],
    ["an arm without a standard error", { means: [1, 2], ses: [1] }],
    ["a standard error of 0", { means: [1, 2], ses: [1, 0] }],
  ])("refuses %s", (_, beliefs) => {
    expect(() => bestArm(beliefs, OPTIONS)).toThrow(/to be/u);
  });
});

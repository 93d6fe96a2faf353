import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testSampleRatio } from "./sample-ratio.ts";

/** Two equal arms whose chi-square is `chiSquare`, up to rounding of the counts. */
function pairWith(chiSquare: number): readonly { weight: number; subjects: number }[] {
  const half = 1e12;
  const shift = Math.sqrt((chiSquare * half) / 2);
  return [
    { weight: 1, subjects: half - shift },
    { weight: 1, subjects: half + shift },
  ];
}

describe("testSampleRatio", () => {
  it("compares the counts with the weights", () => {
    const test = testSampleRatio([
      { weight: 5_000, subjects: 480 },
      { weight: 3_000, subjects: 330 },
      { weight: 2_000, subjects: 190 },
    ]);
    // 400/500 + 900/300 + 100/200; the tail of two degrees is exp(-x/2).
    expect(test?.chiSquare).toBeCloseTo(4.3, 12);
    expect(test?.degrees).toBe(2);
    expect(test?.pValue).toBeCloseTo(Math.exp(-2.15), 12);
  });

  // Published points of the chi-square distribution with one degree of freedom.
  it.each([
    [3.841458821, 0.05],
    [6.634896601, 0.01],
    [10.827566171, 0.001],
    [0.00393214, 0.95],
  ])("gives a chi-square of %f of two arms its p-value %f", (chiSquare, pValue) => {
    expect(testSampleRatio(pairWith(chiSquare))?.pValue).toBeCloseTo(pValue, 7);
  });

  it("agrees with the closed form where there is one: even degrees of freedom", () => {
    const arms = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 3, maxLength: 41 });
    fc.assert(
      fc.property(arms, (counts) => {
        const odd = counts.length % 2 === 1 ? counts : counts.slice(1);
        const test = testSampleRatio(odd.map((subjects) => ({ weight: 1, subjects })));
        if (test === null || test.chiSquare > 500) return;
        let term = 1;
        let sum = 1;
        for (let k = 1; k < test.degrees / 2; k += 1) {
          term *= test.chiSquare / 2 / k;
          sum += term;
        }
        expect(test.pValue).toBeCloseTo(Math.exp(-test.chiSquare / 2) * sum, 10);
      }),
    );
  });

  it("is certain when a perfect spread came out, and when an arm without a weight has subjects", () => {
    const perfect = [100, 300].map((count) => ({ weight: count, subjects: count }));
    expect(testSampleRatio(perfect)?.pValue).toBe(1);
    expect(testSampleRatio([...perfect, { weight: 0, subjects: 0 }])).toMatchObject({ degrees: 1, pValue: 1 });
    expect(testSampleRatio([...perfect, { weight: 0, subjects: 1 }])?.pValue).toBe(0);
  });

  it("has nothing to say without subjects, or with one arm", () => {
    expect(testSampleRatio([1, 1].map((weight) => ({ weight, subjects: 0 })))).toBeNull();
    expect(testSampleRatio([{ weight: 1, subjects: 5 }])).toBeNull();
    expect(testSampleRatio([])).toBeNull();
  });
});

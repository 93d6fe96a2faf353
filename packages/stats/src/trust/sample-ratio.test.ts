import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleRatioSequence } from "./sample-ratio-sequence.ts";
import { testSampleRatio } from "./test-sample-ratio.ts";

const arms = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 100_000 }), weight: fc.integer({ min: 1, max: 9 }) }),
  {
    minLength: 2,
    maxLength: 6,
  },
);

describe("testSampleRatio", () => {
  it("compares the counts with the weights", () => {
    const result = testSampleRatio({ counts: [480, 330, 190], weights: [5_000, 3_000, 2_000] });
    if (result.status !== "ok") throw new Error(result.status);
    // 400/500 + 900/300 + 100/200; the tail of two degrees is exp(-x/2).
    expect(result.chiSquared).toBeCloseTo(4.3, 12);
    expect(result.df).toBe(2);
    expect(result.p).toBeCloseTo(Math.exp(-2.15), 14);
  });

  it("does not mind the unit of the weights, nor an arm without weight and subjects", () => {
    fc.assert(
      fc.property(arms, fc.constantFrom(1 / 3, 100, 1e-6), (list, unit) => {
        const counts = list.map(({ count }) => count);
        const weights = list.map(({ weight }) => weight);
        const plain = testSampleRatio({ counts, weights });
        const scaled = testSampleRatio({
          counts: [...counts, 0],
          weights: [...weights.map((weight) => weight * unit), 0],
        });
        if (plain.status !== "ok" || scaled.status !== "ok") throw new Error("not tested");
        expect(scaled.df).toBe(plain.df);
        expect(Math.abs(scaled.chiSquared - plain.chiSquared)).toBeLessThan(1e-8 * (1 + plain.chiSquared));
      }),
    );
  });

  it("is certain of a perfect spread, and sees one subject among a thousand million", () => {
    expect(testSampleRatio({ counts: [100, 300], weights: [1, 3] })).toMatchObject({ chiSquared: 0, p: 1, log10P: 0 });
    const result = testSampleRatio({ counts: [1e9 + 1, 1e9, 1e9 - 1], weights: [0.1, 0.1, 0.1] });
    expect(result.status === "ok" ? result.chiSquared / 2e-9 : 0).toBeCloseTo(1, 10);
  });

  it.each([
    ["unexpected_variant", [5, 5, 1], [1, 1, 0]],
    ["unexpected_variant", [0, 1], [1, 0]],
    ["no_data", [0, 0], [1, 1]],
    ["no_data", [0], [1]],
    ["no_data", [], []],
    ["no_data", [0, 0], [0, 0]],
    ["single_arm", [3], [1]],
    ["single_arm", [3, 0], [1, 0]],
  ])("says %s", (status, counts, weights) => {
    expect(testSampleRatio({ counts, weights })).toStrictEqual({ status });
  });

  it.each([
    ["counts[0]", [-1, 2], [1, 1]],
    ["counts[1]", [1, 0.5], [1, 1]],
    ["weights[0]", [1, 2], [Number.NaN, 1]],
    ["weights[1]", [1, 2], [1, Infinity]],
    ["weights[0]", [1, 2], [-1, 1]],
    ["counts, weights", [1, 2], [1]],
  ])("refuses broken %s", (name, counts, weights) => {
    expect(() => testSampleRatio({ counts, weights })).toThrow(name);
  });
});

describe("sampleRatioSequence", () => {
  it("has a p-value that never rises", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { maxLength: 10 }), (looks) => {
        let before = 1;
        for (const look of sampleRatioSequence({ looks, weights: [1, 1] })) {
          if (look.status !== "ok") continue;
          expect(look.p).toBeLessThanOrEqual(before);
          before = look.p;
        }
      }),
    );
  });

  it("has the evidence of all counts together, however they came in", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 10 }),
        (looks) => {
          const sum = [0, 1].map((arm) => looks.reduce((total, look) => total + (look[arm] ?? 0), 0));
          const evidence = (of: readonly (readonly number[])[]): number => {
            const last = sampleRatioSequence({ looks: of, weights: [2, 1], concentration: 50 }).at(-1);
            return last?.status === "ok" ? last.logBayesFactor : Number.NaN;
          };
          expect(evidence(looks)).toBeCloseTo(evidence([sum]), 9);
        },
      ),
    );
  });

  it("has hardly any evidence from one subject, and overwhelming evidence from a wrong split", () => {
    const [first, wrong] = sampleRatioSequence({
      looks: [
        [1, 0],
        [60_000, 50_000],
      ],
      weights: [1, 1],
    });
    expect(first?.status === "ok" ? first.logBayesFactor : 1).toBeCloseTo(0, 12);
    expect(wrong?.status === "ok" ? wrong.log10P : 0).toBeLessThan(-50);
  });

  it("says when an arm without a weight has subjects, from that look on", () => {
    const looks = sampleRatioSequence({
      looks: [
        [4, 4, 0],
        [0, 0, 1],
        [9, 9, 0],
      ],
      weights: [1, 1, 0],
    });
    expect(looks.map(({ status }) => status)).toStrictEqual(["ok", "unexpected_variant", "unexpected_variant"]);
  });

  it("has no evidence without subjects, nor with a single arm", () => {
    const none = { status: "ok", logBayesFactor: 0, p: 1, log10P: 0 };
    expect(sampleRatioSequence({ looks: [[0, 0]], weights: [1, 3] })).toStrictEqual([none]);
    const [single] = sampleRatioSequence({ looks: [[900]], weights: [2] });
    expect(single?.status === "ok" ? single.logBayesFactor : Number.NaN).toBeCloseTo(0, 12);
    expect(sampleRatioSequence({ looks: [], weights: [] })).toStrictEqual([]);
  });

  it("refuses a look with another number of arms", () => {
    expect(() => sampleRatioSequence({ looks: [[1]], weights: [1, 1] })).toThrow("looks[0]");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confidenceSequenceAt, type Look } from "./asymptotic-confidence-sequence.ts";
import { runningConfidenceSequence } from "./running-confidence-sequence.ts";

const look = fc.record({
  n: fc.integer({ min: 1, max: 10_000_000 }),
  estimate: fc.double({ min: -5, max: 5, noNaN: true }),
  se: fc.double({ min: 0.001, max: 2, noNaN: true }),
});
const alpha = fc.constantFrom(0.01, 0.05, 0.2);
const tunedFor = fc.integer({ min: 10, max: 1_000_000 });

describe("confidenceSequenceAt", () => {
  it("rejects exactly when its interval excludes 0, two-sided and one-sided", () => {
    const alternative = fc.constantFrom("two-sided" as const, "greater" as const, "less" as const);
    fc.assert(
      fc.property(look, alpha, tunedFor, alternative, (at, level, tuned, side) => {
        const { p, interval } = confidenceSequenceAt(at, { alpha: level, tunedFor: tuned, alternative: side });
        if (Math.abs(p / level - 1) < 1e-9) return;
        expect((interval.low ?? -1) > 0 || (interval.high ?? 1) < 0).toBe(p <= level);
      }),
      { numRuns: 500 },
    );
  });

  it("is narrowest near the size that it was tuned for, in units of the fixed interval", () => {
    const widthAt = (n: number): number =>
      confidenceSequenceAt({ n, estimate: 0, se: 1 }, { alpha: 0.05, tunedFor: 5_000 }).halfWidth;
    expect(widthAt(5_000)).toBeLessThan(Math.min(widthAt(200), widthAt(200_000)));
    expect(widthAt(5_000)).toBeGreaterThan(1.96);
  });

  it("mirrors the sides", () => {
    fc.assert(
      fc.property(look, tunedFor, (at, tuned) => {
        const greater = confidenceSequenceAt(at, { alpha: 0.05, tunedFor: tuned, alternative: "greater" });
        const less = confidenceSequenceAt(
          { ...at, estimate: -at.estimate },
          { alpha: 0.05, tunedFor: tuned, alternative: "less" },
        );
        expect(less.p).toBe(greater.p);
        expect((less.interval.high ?? 0) + (greater.interval.low ?? 0)).toBeCloseTo(0, 12);
      }),
    );
  });

  it("knows the logarithm of a p-value that is no double", () => {
    const { p, log10P } = confidenceSequenceAt(
      { n: 1e6, estimate: 1, se: 0.01 },
      { alpha: 0.05, tunedFor: 5_000, alternative: "greater" },
    );
    expect(p).toBe(0);
    expect(log10P).toBeLessThan(-1_000);
  });

  it.each([
    ["no subjects", { n: 0, estimate: 0, se: 1 }, 0.05],
    ["no standard error", { n: 10, estimate: 0, se: 0 }, 0.05],
    ["a one-sided level of one half", { n: 10, estimate: 0, se: 1 }, 0.5],
  ])("refuses %s", (_, at: Look, level) => {
    expect(() => confidenceSequenceAt(at, { alpha: level, tunedFor: 100, alternative: "less" })).toThrow("has to be");
  });
});

describe("runningConfidenceSequence", () => {
  it("has a p-value that never rises and an interval that never widens", () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 12 }), tunedFor, (looks, tuned) => {
        const running = runningConfidenceSequence(looks, { alpha: 0.05, tunedFor: tuned });
        expect(running).toHaveLength(looks.length);
        for (const [index, { p, interval, empty }] of running.entries()) {
          const before = running[index - 1];
          expect(p).toBeLessThanOrEqual(before?.p ?? 1);
          expect(interval.low).toBeGreaterThanOrEqual(before?.interval.low ?? -Infinity);
          expect(interval.high).toBeLessThanOrEqual(before?.interval.high ?? Infinity);
          expect(empty).toBe(interval.low > interval.high);
        }
      }),
    );
  });

  it("is empty when the effect has changed", () => {
    const looks = [
      { n: 20_000, estimate: 0.2, se: 0.01 },
      { n: 40_000, estimate: -0.2, se: 0.008 },
    ];
    expect(runningConfidenceSequence(looks, { alpha: 0.05, tunedFor: 5_000 }).map(({ empty }) => empty)).toStrictEqual([
      false,
      true,
    ]);
  });
});

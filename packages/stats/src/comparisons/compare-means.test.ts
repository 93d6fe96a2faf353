import { isLottyError } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Moments } from "../moments/moments.ts";
import { compareMeans } from "./compare-means.ts";
import type { TestedComparison } from "./comparison.ts";

const arm = fc.record({
  n: fc.integer({ min: 2, max: 1_000_000 }),
  mean: fc.oneof(
    fc.constant(0),
    fc.double({ min: 0.001, max: 100, noNaN: true }),
    fc.double({ min: -100, max: -0.001, noNaN: true }),
  ),
  deviation: fc.double({ min: 0.01, max: 50, noNaN: true }),
});
const arms = fc.record({ control: arm, treatment: arm });
const alpha = fc.constantFrom(0.001, 0.01, 0.05, 0.1, 0.5);

interface ArmParts {
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
}

function moments({ n, mean, deviation }: ArmParts): Moments {
  return { n, mean, m2: deviation * deviation * (n - 1) };
}

function tested(control: Moments, treatment: Moments, level = 0.05): TestedComparison {
  const comparison = compareMeans({ control, treatment }, { alpha: level });
  if (comparison.status !== "ok") throw new Error(comparison.status);
  return comparison;
}

describe("compareMeans", () => {
  it("rejects exactly when its intervals exclude 0: the absolute one and Fieller's", () => {
    fc.assert(
      fc.property(arms, alpha, fc.double({ min: -4, max: 4, noNaN: true }), ({ control, treatment }, level, t) => {
        // Half of the time treatment is put about as far away as decides.
        const se = Math.hypot(control.deviation / Math.sqrt(control.n), treatment.deviation / Math.sqrt(treatment.n));
        const near = { ...treatment, mean: control.mean + t * se };
        for (const other of [treatment, near]) {
          const { p, interval, relative } = tested(moments(control), moments(other), level);
          // A p-value within rounding of alpha may be on either side of it.
          if (Math.abs(p / level - 1) < 1e-9) continue;
          expect((interval.low ?? 0) > 0 || (interval.high ?? 0) < 0).toBe(p <= level);
          if (relative.status === "ok") {
            expect(relative.fieller.low > 0 || relative.fieller.high < 0).toBe(p <= level);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("has everything mirrored when the arms change places", () => {
    fc.assert(
      fc.property(arms, ({ control, treatment }) => {
        const [one, other] = [moments(control), moments(treatment)];
        const [there, back] = [tested(one, other), tested(other, one)];
        expect(back.diff + there.diff).toBe(0);
        expect(back.se).toBe(there.se);
        expect(back.p).toBeCloseTo(there.p, 12);
        expect(back.df / there.df).toBeCloseTo(1, 12);
        expect(back.interval.low ?? 0).toBeCloseTo(-(there.interval.high ?? 0), 9);
      }),
    );
  });

  it("does not mind the unit of the metric", () => {
    fc.assert(
      fc.property(arms, fc.constantFrom(1e-30, 1e-3, 1e3, 1e30), ({ control, treatment }, unit) => {
        const scale = (parts: ArmParts): ArmParts => {
          return { ...parts, mean: parts.mean * unit, deviation: parts.deviation * unit };
        };
        const plain = tested(moments(control), moments(treatment));
        const scaled = tested(moments(scale(control)), moments(scale(treatment)));
        expect(scaled.t).toBeCloseTo(plain.t, 8);
        expect(scaled.df / plain.df).toBeCloseTo(1, 12);
        expect(scaled.relative.status).toBe(plain.relative.status);
        if (scaled.relative.status === "ok" && plain.relative.status === "ok") {
          expect(scaled.relative.fieller.low / plain.relative.fieller.low).toBeCloseTo(1, 8);
        }
      }),
    );
  });

  it("puts the lift between Fieller's bounds", () => {
    fc.assert(
      fc.property(arms, ({ control, treatment }) => {
        const { relative } = tested(moments(control), moments(treatment));
        if (relative.status !== "ok") return;
        const slack = 1e-12 * (1 + Math.abs(relative.lift));
        expect(relative.fieller.low).toBeLessThanOrEqual(relative.lift + slack);
        expect(relative.fieller.high).toBeGreaterThanOrEqual(relative.lift - slack);
      }),
    );
  });

  it("bounds one side only when asked about one side", () => {
    const control = { n: 50, mean: 1, m2: 49 };
    const treatment = { n: 60, mean: 1.4, m2: 80 };
    const greater = compareMeans({ control, treatment }, { alpha: 0.05, alternative: "greater" });
    const less = compareMeans({ control, treatment }, { alpha: 0.05, alternative: "less" });
    if (greater.status !== "ok" || less.status !== "ok") throw new Error("not tested");
    expect(greater.interval.high).toBeNull();
    expect(less.interval.low).toBeNull();
    expect(greater.p + less.p).toBeCloseTo(1, 14);
    expect(greater.relative).toStrictEqual(less.relative);
  });

  it("says that no bound is possible when control's mean is close to 0", () => {
    const { relative } = tested({ n: 10, mean: 0.1, m2: 90 }, { n: 10, mean: 2, m2: 90 });
    expect(relative).toMatchObject({ status: "unbounded" });
    expect(relative).not.toHaveProperty("fieller");
  });

  const some = { n: 3, mean: 5, m2: 2 };
  const none = { n: 0, mean: null, m2: null };
  it.each<[string, Moments, Moments, object]>([
    ["no_data", none, some, { diff: null, relative: { status: "no_data", lift: null } }],
    ["no_data", some, none, { diff: null, relative: { status: "no_data", lift: null } }],
    [
      "insufficient_data",
      { n: 1, mean: -2, m2: 0 },
      some,
      { diff: 7, relative: { status: "insufficient_data", lift: 3.5 } },
    ],
    [
      "zero_variance",
      { ...some, m2: 0 },
      { n: 2, mean: 6, m2: 0 },
      { diff: 1, relative: { status: "zero_variance", lift: 0.2 } },
    ],
    [
      "zero_variance",
      { n: 4, mean: 0, m2: 0 },
      { n: 4, mean: 0, m2: 0 },
      { diff: 0, relative: { status: "undefined" } },
    ],
  ])("has neither a p-value nor an interval when it says %s", (status, control, treatment, rest) => {
    expect(compareMeans({ control, treatment }, { alpha: 0.05 })).toStrictEqual({ status, ...rest });
  });

  it("has no relative effect that is infinite, however small control's mean is", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e-300, max: 1e-300, noNaN: true }), (mean) => {
        const { relative } = tested({ n: 9, mean, m2: 3 }, { n: 9, mean: 1, m2: 3 });
        expect(JSON.stringify(relative)).toBe('{"status":"undefined"}');
      }),
    );
  });

  it("tests a difference whose relative size is not defined", () => {
    const comparison = compareMeans(
      { control: { n: 1000, mean: 0, m2: 0 }, treatment: { n: 1000, mean: 0.03, m2: 29.1 } },
      { alpha: 0.05 },
    );
    expect(comparison).toMatchObject({ status: "ok", df: 999, relative: { status: "undefined" } });
  });

  it.each([0, 1, -0.1, Number.NaN])("refuses the level %f", (level) => {
    let thrown: unknown;
    try {
      compareMeans({ control: none, treatment: some }, { alpha: level });
    } catch (error) {
      thrown = error;
    }
    expect(isLottyError(thrown, "invalid_request")).toBe(true);
  });
});

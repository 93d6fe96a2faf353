import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareProportions } from "./compare-proportions.ts";
import { fisherExact } from "./fisher-exact.ts";
import { proportionIntervals } from "./proportion-intervals.ts";
import type { Proportion, ProportionArms } from "./proportions.ts";

const proportion = fc
  .record({ n: fc.integer({ min: 1, max: 2_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ n, share }): Proportion => ({ n, successes: Math.round(n * share) }));
const arms = fc.record({ control: proportion, treatment: proportion });

function failuresOf({ control, treatment }: ProportionArms): ProportionArms {
  const other = ({ n, successes }: Proportion): Proportion => ({ n, successes: n - successes });
  return { control: other(control), treatment: other(treatment) };
}

describe("compareProportions", () => {
  it("says the opposite about failures", () => {
    fc.assert(
      fc.property(arms, fc.constantFrom("pooled" as const, "unpooled" as const), (both, variance) => {
        const [one, other] = [both, failuresOf(both)].map((each) =>
          compareProportions(each, { alpha: 0.05, variance }),
        );
        expect(other?.status).toBe(one?.status);
        if (one?.status !== "ok" || other?.status !== "ok") return;
        expect(other.z).toBeCloseTo(-one.z, 9);
        expect(other.p).toBeCloseTo(one.p, 12);
      }),
    );
  });

  it("keeps the digits of a difference of one success in a thousand million", () => {
    const both = { control: { n: 1e9, successes: 333_333_333 }, treatment: { n: 1e9, successes: 333_333_334 } };
    expect(compareProportions(both, { alpha: 0.05, variance: "pooled" }).diff).toBe(1e-9);
  });

  it("has no p-value when nobody or everybody succeeds, or when there is nobody", () => {
    const nobody = { n: 10, successes: 0 };
    const options = { alpha: 0.05, variance: "pooled" } as const;
    expect(compareProportions({ control: nobody, treatment: nobody }, options)).toStrictEqual({
      status: "zero_variance",
      diff: 0,
    });
    expect(compareProportions({ control: { n: 0, successes: 0 }, treatment: nobody }, options)).toStrictEqual({
      status: "no_data",
      diff: null,
    });
  });

  it("refuses more successes than subjects", () => {
    const broken = { control: { n: 3, successes: 4 }, treatment: { n: 3, successes: 1 } };
    expect(() => compareProportions(broken, { alpha: 0.05, variance: "pooled" })).toThrow("more successes");
  });
});

describe("proportionIntervals", () => {
  it("has bounds around the estimates, within what is possible", () => {
    fc.assert(
      fc.property(arms, (both) => {
        const result = proportionIntervals(both, { alpha: 0.05 });
        if (result.status !== "ok") throw new Error(result.status);
        const slack = 1e-12;
        for (const name of ["control", "treatment"] as const) {
          const share = both[name].successes / both[name].n;
          for (const { low, high } of Object.values(result[name])) {
            expect(low).toBeGreaterThanOrEqual(0);
            expect(low).toBeLessThanOrEqual(share + slack);
            expect(high).toBeGreaterThanOrEqual(share - slack);
            expect(high).toBeLessThanOrEqual(1 + slack);
          }
        }
        for (const { low, high } of [result.newcombe, result.miettinenNurminen]) {
          expect(low).toBeGreaterThanOrEqual(-1 - slack);
          expect(low).toBeLessThanOrEqual(result.diff + slack);
          expect(high).toBeGreaterThanOrEqual(result.diff - slack);
          expect(high).toBeLessThanOrEqual(1 + slack);
        }
      }),
    );
  });

  it("is mirrored for failures", () => {
    fc.assert(
      fc.property(arms, (both) => {
        const [one, other] = [both, failuresOf(both)].map((each) => proportionIntervals(each, { alpha: 0.1 }));
        if (one?.status !== "ok" || other?.status !== "ok") throw new Error("no intervals");
        for (const name of ["newcombe", "agrestiCaffo", "miettinenNurminen"] as const) {
          expect(other[name].low).toBeCloseTo(-one[name].high, 8);
        }
        expect(other.control.clopperPearson.low).toBeCloseTo(1 - one.control.clopperPearson.high, 9);
      }),
    );
  });

  it("has exact ends where nobody and where everybody succeeds", () => {
    const ends = { control: { n: 7, successes: 0 }, treatment: { n: 7, successes: 7 } };
    const result = proportionIntervals(ends, { alpha: 0.05 });
    if (result.status !== "ok") throw new Error(result.status);
    expect([result.control.wilson.low, result.control.clopperPearson.low]).toStrictEqual([0, 0]);
    expect([result.treatment.wilson.high, result.treatment.clopperPearson.high]).toStrictEqual([1, 1]);
    expect(result.miettinenNurminen.high).toBe(1);
    // The exact bound without successes solves (1 - p)^n = α/2.
    expect(result.control.clopperPearson.high).toBeCloseTo(1 - 0.025 ** (1 / 7), 12);
  });

  it("has none without subjects", () => {
    const empty = { n: 0, successes: 0 };
    expect(proportionIntervals({ control: empty, treatment: empty }, { alpha: 0.05 })).toStrictEqual({
      status: "no_data",
    });
  });
});

describe("fisherExact", () => {
  it("counts the observed table on both sides", () => {
    fc.assert(
      fc.property(arms, (both) => {
        const [one, swapped] = [both, { control: both.treatment, treatment: both.control }].map(fisherExact);
        if (one?.status !== "ok" || swapped?.status !== "ok") throw new Error("no test");
        expect(swapped.pTwoSided).toBeCloseTo(one.pTwoSided, 9);
        expect(swapped.pGreater).toBeCloseTo(one.pLess, 9);
        expect(one.pGreater + one.pLess).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(one.pTwoSidedMid).toBeLessThanOrEqual(one.pTwoSided);
        expect(one.pTwoSided).toBeGreaterThanOrEqual(Math.min(one.pGreater, one.pLess) - 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it("is a matter of counting for small tables: tea before milk", () => {
    const result = fisherExact({ control: { n: 4, successes: 0 }, treatment: { n: 4, successes: 4 } });
    expect(result).toMatchObject({ status: "ok" });
    expect(result.status === "ok" ? [result.pGreater, result.pTwoSided, result.pTwoSidedMid] : []).toStrictEqual([
      1 / 70,
      2 / 70,
      1.5 / 70,
    ]);
  });

  it("has nothing to test without subjects", () => {
    expect(fisherExact({ control: { n: 0, successes: 0 }, treatment: { n: 4, successes: 4 } })).toStrictEqual({
      status: "no_data",
    });
  });
});

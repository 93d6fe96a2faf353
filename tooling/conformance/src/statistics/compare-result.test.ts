import { describe, expect, it } from "vitest";
import { firstDeviation } from "./compare-result.ts";

const TOLERANCE = { rel: 1e-6, abs: 1e-12 };

function same(actual: unknown, expected: unknown): boolean {
  return firstDeviation(actual, expected, TOLERANCE) === undefined;
}

describe("firstDeviation", () => {
  it("allows other fields, and no missing ones", () => {
    expect(same({ status: "ok", more: 1 }, { status: "ok" })).toBe(true);
    expect(firstDeviation({}, { status: "ok" }, TOLERANCE)).toBe('status: got nothing, expected "ok"');
    expect(firstDeviation({}, { p: null }, TOLERANCE)).toBe("p: got nothing, expected null");
  });

  it("takes texts, truth values and nulls as they are", () => {
    expect(same({ a: null, b: true, c: "x" }, { a: null, b: true, c: "x" })).toBe(true);
    expect(same({ a: 0 }, { a: null })).toBe(false);
    expect(same({ a: null }, { a: 0 })).toBe(false);
    expect(same({ b: false }, { b: true })).toBe(false);
  });

  it("compares lists of one length, place by place", () => {
    expect(same([1, 2], [1, 2])).toBe(true);
    expect(same([1, 2, 3], [1, 2])).toBe(false);
    expect(firstDeviation({ looks: [{ z: 1 }, { z: 2 }] }, { looks: [{ z: 1 }, { z: 3 }] }, TOLERANCE)).toBe(
      "looks.1.z: got 2, expected 3",
    );
  });

  it("allows numbers to be off by the relative and the absolute tolerance", () => {
    expect(same(1_000_000.9, 1_000_000)).toBe(true);
    expect(same(1_000_001.1, 1_000_000)).toBe(false);
    expect(same(9e-13, 0)).toBe(true);
    expect(same(2e-12, 0)).toBe(false);
    expect(same(Number.NaN, 0)).toBe(false);
    expect(same(Infinity, 1)).toBe(false);
  });

  it("measures differences by the standard error or the difference, whichever is larger", () => {
    expect(same({ se: 1, ci_low: 5e-7 }, { se: 1, ci_low: 0 })).toBe(true);
    expect(same({ se: 0.1, diff: -1, ci_low: 5e-7 }, { se: 0.1, diff: -1, ci_low: 0 })).toBe(true);
    expect(same({ se: 0.1, ci_low: 5e-7 }, { se: 0.1, ci_low: 0 })).toBe(false);
    expect(same({ half_width: 1, ci_low: 5e-7 }, { half_width: 1, ci_low: 0 })).toBe(true);
    expect(same({ se: 1, inner: { low: 5e-7 } }, { se: 1, inner: { low: 0 } })).toBe(true);
  });

  it("compares logarithms to nine digits, whatever the case allows", () => {
    expect(same({ log10_p: -1_000 * (1 + 5e-10) }, { log10_p: -1_000 })).toBe(true);
    expect(same({ log10_p: -1_000 * (1 + 2e-9) }, { log10_p: -1_000 })).toBe(false);
  });

  it("does not compare p-values that may have underflowed, but wants them small", () => {
    expect(same({ p: 0 }, { p: 1e-295 })).toBe(true);
    expect(same({ p: 1e-3 }, { p: 0 })).toBe(false);
    expect(same({ p: null }, { p: 0 })).toBe(false);
  });
});

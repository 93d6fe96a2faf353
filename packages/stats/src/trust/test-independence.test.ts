import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testIndependence } from "./test-independence.ts";

const row = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 3, maxLength: 3 });

describe("testIndependence", () => {
  it("does not mind which classification makes the rows", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 5 }), (table) => {
        const turned = [0, 1, 2].map((column) => table.map((counts) => counts[column] ?? 0));
        const [one, other] = [table, turned].map(testIndependence);
        if (one?.status !== "ok" || other?.status !== "ok") throw new Error("not tested");
        expect(other.df).toBe(one.df);
        expect(Math.abs(other.chiSquared - one.chiSquared)).toBeLessThan(1e-9 * (1 + one.chiSquared));
      }),
    );
  });

  it("finds nothing where the rows are in proportion", () => {
    expect(
      testIndependence([
        [1e8, 2e8],
        [3e8, 6e8],
      ]),
    ).toMatchObject({ status: "ok", chiSquared: 0, df: 1, p: 1 });
  });

  it("leaves empty rows and columns out", () => {
    const table = [
      [10, 0, 20],
      [30, 0, 25],
      [0, 0, 0],
    ];
    expect(testIndependence(table)).toStrictEqual(
      testIndependence([
        [10, 20],
        [30, 25],
      ]),
    );
    expect(
      testIndependence([
        [1, 2],
        [0, 0],
      ]),
    ).toStrictEqual({ status: "no_data" });
    expect(testIndependence([])).toStrictEqual({ status: "no_data" });
  });

  it("refuses a table that is none", () => {
    expect(() => testIndependence([[1, 2], [1]])).toThrow("one length");
    expect(() =>
      testIndependence([
        [1, -2],
        [1, 1],
      ]),
    ).toThrow("table[0][1]");
  });
});

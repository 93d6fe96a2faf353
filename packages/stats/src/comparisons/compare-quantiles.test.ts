import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareQuantiles } from "./compare-quantiles.ts";

const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 20, maxLength: 60 });
const MEDIAN = { q: 0.5, alpha: 0.05 };

describe("compareQuantiles", () => {
  it("is mirrored when the arms change places", () => {
    fc.assert(
      fc.property(values, values, (control, treatment) => {
        const there = compareQuantiles({ control: { values: control }, treatment: { values: treatment } }, MEDIAN);
        const back = compareQuantiles({ control: { values: treatment }, treatment: { values: control } }, MEDIAN);
        expect(back.status).toBe(there.status);
        if (there.status !== "ok" || back.status !== "ok") return;
        expect(back.diff + there.diff).toBe(0);
        expect(back.p).toBe(there.p);
      }),
    );
  });

  it("hardly changes when every value is a cluster of its own", () => {
    const list = Array.from({ length: 200 }, (_, index) => (index * 37) % 200);
    const arm = { values: list, clusters: list };
    const result = compareQuantiles({ control: arm, treatment: { values: list } }, MEDIAN);
    // K/(K - 1), for the variances of clusters have K - 1.
    expect(result.control).toMatchObject({
      status: "ok",
      clusters: 200,
      designEffect: expect.closeTo(200 / 199, 10) as number,
    });
    expect(result.treatment).toMatchObject({ status: "ok", clusters: null, designEffect: 1 });
  });

  it("is less certain when the values of a cluster are alike", () => {
    const list = Array.from({ length: 200 }, (_, index) => index);
    const clusters = list.map((value) => Math.floor(value / 10));
    const { control } = compareQuantiles({ control: { values: list, clusters }, treatment: { values: list } }, MEDIAN);
    expect(control.status === "ok" && control.designEffect > 5).toBe(true);
  });

  it("says what each arm lacks, and gives the difference as far as there is one", () => {
    const good = { values: Array.from({ length: 50 }, (_, index) => index) };
    const few = { values: [1, 2, 3] };
    const still = { values: Array.from({ length: 50 }, () => 7) };
    expect(compareQuantiles({ control: { values: [] }, treatment: few }, MEDIAN)).toMatchObject({
      status: "no_data",
      diff: null,
      treatment: { status: "insufficient_data", quantile: 2 },
    });
    expect(compareQuantiles({ control: few, treatment: good }, MEDIAN)).toMatchObject({
      status: "insufficient_data",
      diff: 22.5,
    });
    expect(compareQuantiles({ control: still, treatment: good }, MEDIAN)).toMatchObject({
      status: "zero_variance",
      diff: 17.5,
    });
  });

  it("needs two clusters, and one for every value", () => {
    const list = Array.from({ length: 50 }, (_, index) => index);
    const together = { values: list, clusters: list.map(() => 1) };
    expect(compareQuantiles({ control: together, treatment: { values: list } }, MEDIAN).control.status).toBe(
      "insufficient_data",
    );
    const missing = { values: list, clusters: [1] };
    expect(() => compareQuantiles({ control: missing, treatment: { values: list } }, MEDIAN)).toThrow("one length");
  });
});

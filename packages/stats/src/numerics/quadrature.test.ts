import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalPanels, panelNodes } from "./quadrature.ts";

function integral(f: (x: number) => number, edges: readonly number[]): number {
  return panelNodes(edges).reduce((sum, { x, weight }) => sum + weight * f(x), 0);
}

describe("panelNodes", () => {
  it("integrate polynomials up to degree 31 exactly on a single panel", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31 }), (degree) => {
        expect(integral((x) => (degree + 1) * x ** degree, [0, 1])).toBeCloseTo(1, 13);
      }),
    );
  });

  it("add up over the panels", () => {
    expect(integral(Math.sin, equalPanels(0, Math.PI, 5))).toBeCloseTo(2, 14);
    expect(equalPanels(-1, 1, 2)).toStrictEqual([-1, 0, 1]);
  });
});

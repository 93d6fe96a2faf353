import fc from "fast-check";
import { expect, test } from "vitest";
import { deviance } from "./deviance.ts";

const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });

test("a deviance is that of its definition", () => {
  fc.assert(
    fc.property(positive, positive, (x, m) => {
      const plain = x * Math.log(x / m) + m - x;
      expect(Math.abs(deviance(x, m) - plain)).toBeLessThan(1e-13 * (x + m) * (1 + Math.abs(Math.log(x / m))));
    }),
  );
});

test("a deviance is about half the squared distance by the expectation when both are close", () => {
  expect(deviance(1e12 + 1_000, 1e12) / (1e6 / 2e12)).toBeCloseTo(1, 8);
});

test("a deviance is 0 only where there is no difference", () => {
  expect(deviance(5, 5)).toBe(0);
  expect(deviance(1e15, 1e15, 1e-6)).toBeGreaterThan(0);
});

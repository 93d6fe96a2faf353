import { expect, test } from "vitest";
import { fitLine } from "./fit-line.ts";

test("finds the slope of points on a line, which do not deviate from it", () => {
  const { deviation, slope } = fitLine([0, 1, 2, 5].map((x) => ({ x, y: 3 * x - 7 })));
  expect(slope).toBeCloseTo(3);
  expect(deviation).toBeCloseTo(0);
});

test("takes a saw-tooth for noise and not for growth", () => {
  const { deviation, slope } = fitLine(Array.from({ length: 1_000 }, (_, x) => ({ x, y: x % 10 })));
  expect(Math.abs(slope * 1_000)).toBeLessThan(deviation);
});

test("finds growth under a saw-tooth", () => {
  const { deviation, slope } = fitLine(Array.from({ length: 1_000 }, (_, x) => ({ x, y: (x % 10) + x / 50 })));
  expect(slope * 1_000).toBeGreaterThan(2 * deviation);
});

import type { ArmMoments } from "@lotty/domain";
import { expect } from "vitest";

/** Difference that is allowed, relative to the size of what was added up. */
const TOLERANCE = 1e-12;

/** Expects the same arms in the same order, with the same counts, and numbers that differ in the last digits at most. */
export function expectMoments(given: readonly ArmMoments[], expected: readonly ArmMoments[]): void {
  const shape = (arms: readonly ArmMoments[]): unknown =>
    arms.map(({ cohortDay, columns, n, segment, variantId }) => ({ cohortDay, columns, n, segment, variantId }));
  expect(shape(given)).toStrictEqual(shape(expected));
  for (const [index, arm] of expected.entries()) {
    const scales = arm.mean.map((mean, column) => Math.sqrt((arm.m2[column]?.[column] ?? 0) / arm.n) + Math.abs(mean));
    arm.mean.forEach((mean, column) => {
      expectClose(given[index]?.mean[column], mean, scales[column] ?? 0);
    });
    arm.m2.forEach((row, i) =>
      row.forEach((sum, j) => expectClose(given[index]?.m2[i]?.[j], sum, arm.n * (scales[i] ?? 0) * (scales[j] ?? 0))),
    );
  }
}

function expectClose(given: number | undefined, expected: number, scale: number): void {
  expect(Math.abs((given ?? NaN) - expected)).toBeLessThanOrEqual(TOLERANCE * Math.max(scale, Math.abs(expected)));
}

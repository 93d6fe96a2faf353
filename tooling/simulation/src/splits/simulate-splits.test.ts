import { describe, expect, it } from "vitest";
import { simulateSplits } from "./simulate-splits.ts";

describe("simulated splits", () => {
  it("alarm rarely at any time where nothing is wrong, and often where one look would", () => {
    const { right, wrong } = simulateSplits({ seed: 1, experiments: 300, days: 14, perDay: 2_000 });
    expect(right.sequential.share).toBeLessThanOrEqual(0.0067);
    expect(right.onceDaily.share).toBeGreaterThanOrEqual(right.once.share);
    expect(wrong.sequential.share).toBeGreaterThan(0.05);
    expect(wrong.once.share).toBeGreaterThan(wrong.sequential.share);
  });
});

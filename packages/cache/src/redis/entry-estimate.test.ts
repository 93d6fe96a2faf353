import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EntryEstimate } from "./entry-estimate.ts";

describe("the estimate of entries", () => {
  it("begins with full entries, so that no more comes than was asked for", () => {
    const estimate = new EntryEstimate();
    expect(estimate.entriesFor(1_000)).toBe(10);
    expect(estimate.hasRoom(99)).toBe(false);
    expect(estimate.hasRoom(100)).toBe(true);
  });

  it("goes by the entries that came last", () => {
    const estimate = new EntryEstimate();
    estimate.learn(10, 250);
    expect(estimate.entriesFor(1_000)).toBe(40);
    expect(estimate.hasRoom(24)).toBe(false);
    expect(estimate.hasRoom(25)).toBe(true);
    estimate.learn(0, 0);
    expect(estimate.entriesFor(1_000)).toBe(40);
  });

  it("never asks for what could be more than ten times too much, nor for nothing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        (wanted, entries, perEntry) => {
          const estimate = new EntryEstimate();
          estimate.learn(entries, entries * perEntry);
          const asked = estimate.entriesFor(wanted);
          expect(asked).toBeGreaterThanOrEqual(1);
          expect(asked * perEntry).toBeLessThanOrEqual(Math.max(wanted, perEntry));
          // Were all of them full.
          expect((asked - 1) * 100).toBeLessThan(10 * wanted);
        },
      ),
    );
  });
});

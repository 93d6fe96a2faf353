import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Uuid7Source } from "./uuid7-source.ts";

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function millisOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Clocks that run, stand still, and step back by up to a day. */
const instants = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: -86_400_000_000, max: 0 })), {
    minLength: 1,
    maxLength: 200,
  })
  .map((steps) => {
    let now = 1_800_000_000_000_000;
    return steps.map((step) => (now += step));
  });

describe("Uuid7Source", () => {
  it("makes well-formed version 7 ids, each greater than all before it, whatever the clock does", () => {
    fc.assert(
      fc.property(instants, (clock) => {
        const source = new Uuid7Source();
        let last = "";
        for (const now of clock) {
          const id = source.next(now);
          expect(id).toMatch(UUID_7);
          expect(id > last).toBe(true);
          last = id;
        }
      }),
    );
  });

  it("carries the instant's millisecond, or the latest one used when the clock has stepped back", () => {
    fc.assert(
      fc.property(instants, (clock) => {
        const source = new Uuid7Source();
        let latest = 0;
        for (const now of clock) {
          latest = Math.max(latest, Math.floor(now / 1_000));
          expect(millisOf(source.next(now))).toBe(latest);
        }
      }),
    );
  });

  it("never makes the same id twice, also beside other sources at the same instant", () => {
    const sources = [new Uuid7Source(), new Uuid7Source(), new Uuid7Source()];
    const ids = new Set<string>();
    for (let round = 0; round < 10_000; round += 1) {
      for (const source of sources) ids.add(source.next(1_800_000_000_000_000));
    }
    expect(ids.size).toBe(30_000);
  });
});

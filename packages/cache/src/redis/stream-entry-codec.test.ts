import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FULL_ENTRY_DECISIONS, packEntries } from "./stream-entry-codec.ts";

describe("packing decisions into entries", () => {
  it("keeps every decision, in order, and tells how many are in each entry", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 }).map((text) => JSON.stringify(text))), (texts) => {
        const entries = packEntries(texts);
        expect(entries.flatMap(({ payload }) => payload.split("\n"))).toStrictEqual(texts);
        expect(entries.map(({ payload }) => payload.split("\n").length)).toStrictEqual(
          entries.map(({ count }) => count),
        );
        expect(entries).toHaveLength(Math.ceil(texts.length / FULL_ENTRY_DECISIONS));
      }),
    );
  });

  it("begins a new entry when one is full", () => {
    const entries = packEntries(Array.from({ length: 250 }, (_, index) => String(index)));
    expect(entries.map(({ count }) => count)).toStrictEqual([100, 100, 50]);
  });

  it("puts no more than 65,536 characters into an entry, but a decision that is longer into one of its own", () => {
    const entries = packEntries(["a".repeat(65_536), "b", "c".repeat(100_000), "d".repeat(65_535), "e", "f"]);
    expect(entries.map(({ count, payload }) => [count, payload[0]])).toStrictEqual([
      [1, "a"],
      [1, "b"],
      [1, "c"],
      [2, "d"],
      [1, "f"],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { nearest } from "./did-you-mean.ts";

describe("nearest", () => {
  it.each([
    ["CONTIANS", "CONTAINS"],
    ["contain", "CONTAINS"],
    ["CONTAINSS", "CONTAINS"],
    ["CNTANS", "CONTAINS"],
    ["ni", "IN"],
    ["IM", "IN"],
  ])("finds what %s was meant to be", (word, meant) => {
    expect(nearest(word, ["IN", "CONTAINS"])).toBe(meant);
  });

  it.each(["XYZ", "CONT", "IBM", "", "A".repeat(1_000_000)])("does not guess at %.10s", (word) => {
    expect(nearest(word, ["IN", "CONTAINS"])).toBeUndefined();
  });

  it("prefers the closer of two", () => {
    expect(nearest("plans", ["plan", "planets"])).toBe("plan");
  });
});

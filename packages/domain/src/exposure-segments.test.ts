import { describe, expect, it } from "vitest";
import { exposureSegments } from "./exposure-segments.ts";

describe("the segments of an exposure", () => {
  it("are its scalar properties as texts", () => {
    const properties = { country: "DE", age: 30, trial: false, cart: ["a"], address: { city: "Bonn" }, none: null };
    expect(exposureSegments(properties)).toStrictEqual({ country: "DE", age: "30", trial: "false" });
  });

  it("are the first twenty in code-point order, whatever the order they were sent in", () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${String(index).padStart(2, "0")}`);
    const segments = exposureSegments(Object.fromEntries(names.toReversed().map((name) => [name, "x"])));
    expect(Object.keys(segments)).toStrictEqual(names.slice(0, 20));
  });

  it("leave out names and texts that are too long to split by", () => {
    expect(exposureSegments({ ["n".repeat(65)]: "x", note: "t".repeat(257), short: "y" })).toStrictEqual({
      short: "y",
    });
  });

  it("take a property called __proto__ for what it is", () => {
    const properties: unknown = JSON.parse('{"__proto__": "x"}');
    expect(Object.hasOwn(exposureSegments(properties as Record<string, string>), "__proto__")).toBe(true);
  });
});

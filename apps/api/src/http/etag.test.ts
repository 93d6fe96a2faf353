import { describe, expect, it } from "vitest";
import { matchesEtag } from "./etag.ts";

describe("matchesEtag", () => {
  it.each([
    [undefined, false],
    ["", false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b"', false],
    ['"b", "a"', true],
    ['"b",W/"a"', true],
    ["*", true],
    ["a", false],
  ])("of %j tells %j", (header, expected) => {
    expect(matchesEtag(header, '"a"')).toBe(expected);
  });

  it("compares a weak tag as well", () => {
    expect(matchesEtag('"a"', 'W/"a"')).toBe(true);
  });
});

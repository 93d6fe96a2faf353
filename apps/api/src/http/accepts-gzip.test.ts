import { describe, expect, it } from "vitest";
import { acceptsGzip } from "./accepts-gzip.ts";

describe("acceptsGzip", () => {
  it.each([
    [undefined, false],
    ["", false],
    ["gzip", true],
    ["br, GZIP;q=0.5", true],
    ["deflate, br", false],
    ["gzip;q=0", false],
    ["gzip; q=0.000, *", false],
    ["*", true],
    ["*;q=0", false],
    ["gzip;q=nonsense", false],
    ["x-gzipped", false],
  ])("of %j tells %j", (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { formatInstant, parseInstant } from "./instant.ts";

test.each([
  ["1970-01-01T00:00:00Z", 0],
  ["2024-03-15T12:00:00Z", 1_710_504_000_000_000],
  ["2024-03-15T12:00:00.25Z", 1_710_504_000_250_000],
  ["2024-03-15T12:00:00.123456789Z", 1_710_504_000_123_456],
  ["2024-03-15T14:00:00+02:00", 1_710_504_000_000_000],
])("reads %s", (text, instant) => {
  expect(parseInstant(text)).toBe(instant);
});

test.each([
  "",
  "2024-03-15",
  "2024-02-30T00:00:00Z",
  "2024-13-01T00:00:00Z",
  "2024-03-15T24:00:00Z",
  "2024-03-15T12:00:00",
])("refuses %j", (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test("every instant survives being printed and read, to the microsecond", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_208_988_800_000_000, max: 4_102_444_800_000_000 }), (instant) => {
      expect(parseInstant(formatInstant(instant))).toBe(instant);
    }),
  );
});

test("prints no more digits than the instant has", () => {
  expect(formatInstant(1_710_504_000_000_000)).toBe("2024-03-15T12:00:00Z");
  expect(formatInstant(1_710_504_000_250_000)).toBe("2024-03-15T12:00:00.250Z");
  expect(formatInstant(1_710_504_000_250_001)).toBe("2024-03-15T12:00:00.250001Z");
});

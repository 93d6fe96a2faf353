import fc from "fast-check";
import { expect, test } from "vitest";
import { formatHundredths, parseHundredths } from "./hundredths.ts";

test.each([
  ["0", 0],
  ["50", 5_000],
  ["33.3", 3_330],
  ["0.01", 1],
  ["100.00", 10_000],
  ["12.3400", 1_234],
])("reads %s exactly", (text, hundredths) => {
  expect(parseHundredths(text)).toBe(hundredths);
});

test.each(["", "-1", "1.", ".5", "0.001", "1e2", " 1", "12345678"])("refuses %j", (text) => {
  expect(parseHundredths(text)).toBeUndefined();
});

test("every number of hundredths survives being printed and read", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), (value) => {
      expect(parseHundredths(formatHundredths(value))).toBe(value);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints } from "./code-points.ts";

const text = fc.string({ unit: fc.constantFrom("a", "z", "é", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10ffff}") });

test("orders texts by their code points", () => {
  const byCodePoints = (a: string, b: string): number => {
    const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
    const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
    const place = left.findIndex((point, index) => point !== right[index]);
    return place < 0 ? left.length - right.length : (left[place] ?? 0) - (right[place] ?? -1);
  };
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(byCodePoints(a, b)));
    }),
  );
});

test("puts characters above U+FFFF behind U+FFFF, where UTF-16 order does not", () => {
  const [emoji, last] = ["😀", "\uffff"];
  expect([last, emoji].toSorted((a, b) => (a < b ? -1 : 1))).toEqual([emoji, last]);
  expect([emoji, last].toSorted(compareCodePoints)).toEqual([last, emoji]);
});

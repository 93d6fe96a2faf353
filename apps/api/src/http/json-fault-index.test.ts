import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFaultIndex } from "./json-fault-index.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonFaultIndex", () => {
  it.each([
    ["", 0],
    ["  ", 2],
    ["{", 1],
    ['{"a"', 4],
    ['{"a":', 5],
    ['{"a":1', 6],
    ['{"a":1,}', 7],
    ['{"a":1 "b":2}', 7],
    ["{a:1}", 1],
    ["[1,2", 4],
    ["[1,]", 3],
    ["[1}", 2],
    ["]", 0],
    ["01", 1],
    ["1.", 1],
    ["-", 0],
    ["nul", 0],
    ["null null", 5],
    ['"abc', 4],
    ['"a\\x"', 2],
    ['"a\nb"', 2],
    ["'a'", 0],
    ["\u00a0{}", 0],
  ])("finds the fault of %j at %d", (text, index) => {
    expect(isJson(text)).toBe(false);
    expect(jsonFaultIndex(text)).toBe(index);
  });

  it("finds no fault in JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.integer({ min: 0, max: 3 }), (text, indent) => {
        expect(jsonFaultIndex(text)).toBeUndefined();
        expect(jsonFaultIndex(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
      }),
    );
  });

  it("finds a fault exactly where JSON.parse does not parse", () => {
    const pieces = fc.constantFrom(..."{}[]:,\"\\\n\t 0123-+.eEtrufalsn'/", "true", "null", '"a"', "\\u00e4", "\u0000");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (chosen) => {
        const text = chosen.join("");
        expect(jsonFaultIndex(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("points behind the end when the text only ends too early", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (list) => {
        const cut = JSON.stringify(list).slice(0, -1);
        expect(jsonFaultIndex(cut)).toBe(cut.length);
      }),
    );
  });

  it("takes nesting that no stack would take", () => {
    const deep = "[".repeat(200_000);
    expect(jsonFaultIndex(`${deep}1`)).toBe(200_001);
    expect(jsonFaultIndex(`${deep}${"]".repeat(200_000)}`)).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainArray, textArray } from "./array-literal.ts";

/** Reads an array literal by the rules of the Postgres manual. */
function read(literal: string): (string | null)[] {
  const elements: (string | null)[] = [];
  const element = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs;
  for (const [, quoted, plain] of literal.slice(1, -1).matchAll(element)) {
    elements.push(quoted === undefined ? (plain === "NULL" ? null : (plain ?? null)) : quoted.replace(/\\(.)/gs, "$1"));
  }
  return elements;
}

describe("array literals", () => {
  it("hold any text", () => {
    const texts = fc.array(fc.option(fc.string({ unit: "binary" })));
    fc.assert(
      fc.property(texts, (values) => {
        expect(read(textArray(values))).toStrictEqual(values);
      }),
    );
  });

  it("hold numbers, booleans and nulls", () => {
    expect(plainArray([])).toBe("{}");
    expect(plainArray([1, -2.5, null, Number.MAX_SAFE_INTEGER])).toBe("{1,-2.5,NULL,9007199254740991}");
    expect(plainArray([true, false])).toBe("{true,false}");
  });

  it("tell the text NULL from no text", () => {
    expect(textArray(["NULL", null, ""])).toBe('{"NULL",NULL,""}');
  });
});

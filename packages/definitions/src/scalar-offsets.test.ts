import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, isMap, isScalar, parseDocument, Scalar } from "yaml";
import { scalarOffsets } from "./scalar-offsets.ts";

function scalarIn(source: string): Scalar {
  const { contents } = parseDocument(source);
  const value = isMap(contents) ? contents.get("rule", true) : undefined;
  if (!isScalar(value)) throw new Error("no scalar");
  return value;
}

/** The character of the source that each visible character of the text is found at. */
function found(source: string): string {
  const scalar = scalarIn(source);
  const offsetOf = scalarOffsets(scalar, source);
  return Array.from(String(scalar.value), (character, index) =>
    /\s/.test(character) ? "" : source[offsetOf(index)],
  ).join("");
}

describe("scalarOffsets", () => {
  it.each([
    ["rule: a == 1 # note\n", "a==1"],
    ["rule: a\n  == 1\n", "a==1"],
    ["rule: 'a == ''x'''\n", "a=='x'"],
    ["rule: |\n  a == 1\n    AND b\n", "a==1ANDb"],
    ["rule: |2- # comment\n    a == 1\n", "a==1"],
    ["rule: >-\n  a == 1\n\n  AND b\n", "a==1ANDb"],
    ["rule: |\n\n\n  a\n", "a"],
  ])("finds the characters of %j", (source, visible) => {
    expect(found(source)).toBe(visible);
  });

  it("finds escaped characters at their escapes", () => {
    const source = 'rule: "a == \\"x\\" \\u0041ND \\\n   b \\U0001F600!"\n';
    const offsetOf = scalarOffsets(scalarIn(source), source);
    const text = String(scalarIn(source).value);
    expect(source.slice(offsetOf(text.indexOf('"')), offsetOf(text.indexOf('"')) + 2)).toBe('\\"');
    expect(offsetOf(text.indexOf("AND"))).toBe(source.indexOf("\\u0041"));
    expect(source[offsetOf(text.indexOf("b"))]).toBe("b");
    expect(source[offsetOf(text.indexOf("!"))]).toBe("!");
  });

  it("places the end of the text behind its last character", () => {
    const source = "rule: a ==\n";
    expect(scalarOffsets(scalarIn(source), source)(4)).toBe(source.indexOf("\n"));
  });

  it("finds every visible ASCII character in every style", () => {
    const styles = ["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;
    const unit = fc.constantFrom(..."ab\"'=.,[]# \n");
    fc.assert(
      fc.property(
        fc.string({ unit, minLength: 1 }),
        fc.constantFrom(...styles),
        fc.constantFrom(0, 20),
        (text, type, lineWidth) => {
          const scalar = new Scalar(text);
          scalar.type = type;
          const source = new Document({ rule: scalar }).toString({ lineWidth });
          const read = scalarIn(source);
          const offsetOf = scalarOffsets(read, source);
          // Forced styles may lose white space of the sample; what counts is what the file says.
          const shown = Array.from(String(read.value), (character, index) => {
            const at = source[offsetOf(index)];
            return /\s/.test(character) || character === at || (at === "\\" && character === '"');
          });
          expect(shown.every(Boolean)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

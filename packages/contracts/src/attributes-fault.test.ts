import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesFault } from "./attributes-fault.ts";
import { MAX_ATTRIBUTE_DEPTH, MAX_ATTRIBUTE_ENTRIES, MAX_ATTRIBUTE_NAME_LENGTH } from "./limits.ts";

/** Attributes of `depth` levels, made of lists below the first so that no recursion builds them. */
function nested(depth: number): unknown {
  return JSON.parse(`{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`);
}

function namesOf(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`name${index}`, index]));
}

describe("attributesFault", () => {
  it.each([null, undefined, 1, "text", true, [], [{}]])("refuses %j, which is not an object", (value) => {
    expect(attributesFault(value)).toBe("not_an_object");
  });

  it("takes the deepest permitted nesting and refuses one level more", () => {
    expect(attributesFault(nested(MAX_ATTRIBUTE_DEPTH))).toBeUndefined();
    expect(attributesFault(nested(MAX_ATTRIBUTE_DEPTH + 1))).toBe("too_deep");
  });

  it("refuses nesting far beyond what the stack would take", () => {
    expect(attributesFault(nested(100_000))).toBe("too_deep");
  });

  it("counts names and elements of all levels together", () => {
    expect(attributesFault(namesOf(MAX_ATTRIBUTE_ENTRIES))).toBeUndefined();
    expect(attributesFault(namesOf(MAX_ATTRIBUTE_ENTRIES + 1))).toBe("too_many_entries");
    const half = MAX_ATTRIBUTE_ENTRIES / 2;
    expect(attributesFault({ list: Array(half - 1).fill(0), object: namesOf(half - 1) })).toBeUndefined();
    expect(attributesFault({ list: Array(half).fill(0), object: namesOf(half - 1) })).toBe("too_many_entries");
  });

  it("limits the length of names on every level", () => {
    const longest = "n".repeat(MAX_ATTRIBUTE_NAME_LENGTH);
    expect(attributesFault({ inner: { [longest]: 1 } })).toBeUndefined();
    expect(attributesFault({ inner: [{ [`${longest}n`]: 1 }] })).toBe("name_too_long");
  });

  it("takes a name like __proto__ as a name like any other", () => {
    expect(attributesFault(JSON.parse('{"__proto__":{"constructor":1},"toString":null}'))).toBeUndefined();
    expect(attributesFault(JSON.parse(`{"__proto__":${JSON.stringify(nested(MAX_ATTRIBUTE_DEPTH))}}`))).toBe(
      "too_deep",
    );
  });

  it("never throws on anything that JSON can express", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 30 }), (value) => void attributesFault(value)));
  });
});

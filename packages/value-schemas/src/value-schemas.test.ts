import type { JsonValue } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ValueSchemas } from "./value-schemas.ts";

const schemas = new ValueSchemas();

function nested(depth: number, wrap: (inner: JsonValue) => JsonValue): JsonValue {
  let value: JsonValue = {};
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
}

describe("checking values", () => {
  const schema: JsonValue = {
    type: "object",
    properties: { colour: { enum: ["red", "blue"] }, size: { $ref: "#/$defs/size" } },
    required: ["colour"],
    additionalProperties: false,
    $defs: { size: { type: "integer", minimum: 1, maximum: 9 } },
  };

  it("accepts what the schema asks for", () => {
    expect(schemas.schemaFault(schema)).toBeUndefined();
    expect(schemas.valueFault(schema, { colour: "red", size: 3 })).toBeUndefined();
  });

  it("says where a value is not what the schema asks for", () => {
    expect(schemas.valueFault(schema, { colour: "red", size: 10 })).toBe("The value at /size must be <= 9.");
    expect(schemas.valueFault(schema, {})).toBe("The value must have required property 'colour'.");
    expect(schemas.valueFault(schema, { colour: "red", other: 1 })).toBe(
      "The value must NOT have additional properties.",
    );
  });

  it("takes any value where there is no schema", () => {
    expect(schemas.schemaFault(null)).toBeUndefined();
    expect(schemas.valueFault(null, { anything: [1, null] })).toBeUndefined();
  });

  it("knows the schemas that take everything and nothing", () => {
    expect(schemas.valueFault(true, 1)).toBeUndefined();
    expect(schemas.valueFault(false, 1)).toBe("The value must NOT be valid.");
  });

  it("does not take inherited names for properties", () => {
    expect(schemas.valueFault({ required: ["toString"] }, {})).toBeDefined();
    const proto: JsonValue = JSON.parse('{"__proto__": {"colour": "red"}}');
    expect(schemas.valueFault(schema, proto)).toBeDefined();
  });

  it("gives the same answer when the schema is used again", () => {
    const same: JsonValue = { additionalProperties: false, ...schema };
    expect(schemas.valueFault(same, { colour: "green" })).toBe(schemas.valueFault(schema, { colour: "green" }));
  });

  it("agrees with the language on plain types", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const json = value as JsonValue;
        const isText = typeof json === "string";
        expect(schemas.valueFault({ type: "string" }, json) === undefined).toBe(isText);
      }),
    );
  });
});

describe("a schema", () => {
  const REFUSED: readonly (readonly [string, JsonValue, RegExp])[] = [
    ["that is none", 5, /object, true or false/],
    ["with an unknown type", { type: "text" }, /type/],
    ["with an unknown keyword", { minimun: 1 }, /unknown keyword/],
    ["with an unknown format", { type: "string", format: "colour" }, /unknown format/],
    ["of another dialect", { $schema: "http://json-schema.org/draft-07/schema#" }, /dialect/],
    ["that names itself", { $id: "https://example.com/a" }, /\$id is not supported/],
    ["that is asynchronous", { $async: true }, /\$async is not supported/],
    ["that refers to elsewhere", { $ref: "https://example.com/a" }, /definition in \$defs/],
    ["that refers to nothing", { $ref: "#/$defs/none" }, /definition in \$defs/],
    ["that refers to an inherited name", { $defs: {}, $ref: "#/$defs/constructor" }, /definition in \$defs/],
    [
      "that refers to itself",
      { $ref: "#/$defs/a", $defs: { a: { items: { $ref: "#/$defs/a" } } } },
      /refers to itself/,
    ],
    ["nested too deep", nested(40, (inner) => ({ items: inner })), /nested/],
    ["that is too long", { enum: ["x".repeat(20_000)] }, /characters/],
    ["with look-ahead", { type: "string", pattern: "(?=a)b" }, /./],
    ["with a back-reference", { type: "string", pattern: String.raw`(a)\1` }, /./],
    ["with a huge pattern", { type: "string", pattern: "(a{100}){10}b{99}" }, /patterns/],
    ["with many unique items", { type: "array", uniqueItems: true }, /maxItems/],
  ];

  test.each(REFUSED)("%s is refused", (_, schema, message) => {
    expect(schemas.schemaFault(schema)).toMatch(message);
    expect(schemas.valueFault(schema, "a")).toBeDefined();
  });

  it("that multiplies itself through references is refused at once", () => {
    const definitions: Record<string, JsonValue> = { d0: { type: "string" } };
    for (let level = 1; level <= 60; level += 1) {
      const reference = { $ref: `#/$defs/d${level - 1}` };
      definitions[`d${level}`] = { allOf: [reference, reference] };
    }
    expect(schemas.schemaFault({ $ref: "#/$defs/d60", $defs: definitions })).toMatch(/references followed/);
  });

  it("cannot stop the process with a pattern", () => {
    const schema: JsonValue = { type: "string", pattern: "^(a+)+$" };
    expect(schemas.valueFault(schema, `${"a".repeat(50_000)}b`)).toBeDefined();
    expect(schemas.valueFault(schema, "aaa")).toBeUndefined();
    const byName: JsonValue = { patternProperties: { "^(a|a)*$": { type: "number" } } };
    expect(schemas.valueFault(byName, { [`${"a".repeat(5_000)}b`]: 1 })).toBeUndefined();
  });

  it("may have several patterns, each for itself", () => {
    const properties: JsonValue = { a: { type: "string", pattern: "^x" }, b: { type: "string", pattern: "^y" } };
    const strict: JsonValue = { type: "object", properties };
    expect(schemas.valueFault(strict, { a: "x", b: "y" })).toBeUndefined();
    expect(schemas.valueFault(strict, { a: "y", b: "y" })).toMatch(/\/a/);
    expect(schemas.valueFault(strict, { a: "x", b: "x" })).toMatch(/\/b/);
  });

  it("need not look at values that are too large or too deep", () => {
    expect(
      schemas.valueFault(
        true,
        nested(40, (inner) => [inner]),
      ),
    ).toMatch(/nested/);
    expect(schemas.valueFault(true, "x".repeat(70_000))).toMatch(/characters/);
  });
});

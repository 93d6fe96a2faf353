import { describe, expect, it } from "vitest";
import type { AttributeSchema } from "./attribute-schema.ts";
import { check } from "./check.ts";
import type { DiagnosticCode } from "./diagnostics.ts";
import { parse } from "./parse.ts";

type Warning = readonly [code: DiagnosticCode, words: string];

function warnings(text: string, schema?: AttributeSchema): readonly Warning[] {
  const result = parse(text);
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return check(result, schema).map(({ code, range }): Warning => [
    code,
    text.slice(range.start.offset, range.end.offset),
  ]);
}

function hints(text: string, schema?: AttributeSchema): readonly (string | undefined)[] {
  const result = parse(text);
  return result.ok ? check(result, schema).map(({ hint }) => hint) : [];
}

describe("conditions on segments", () => {
  function unknown(text: string, segments?: readonly string[]): readonly (readonly [string, string | undefined])[] {
    const result = parse(text);
    if (!result.ok) throw new Error(result.diagnostics[0]?.message);
    return check(result, undefined, segments).map(({ code, hint }) => [code, hint]);
  }

  it("warns of names that no segment has, with the one that was probably meant", () => {
    const text = 'IN SEGMENT "beta" AND NOT IN SEGMENT "staf" AND IN SEGMENT "others"';
    expect(unknown(text, ["beta", "staff"])).toEqual([
      ["unknown_segment", 'Did you mean "staff"?'],
      ["unknown_segment", undefined],
    ]);
    expect(unknown(text)).toEqual([]);
  });

  it("warns of those that nobody can meet together", () => {
    expect(warnings("IN SEGMENT 'a' AND x EXISTS AND NOT IN SEGMENT 'a'")).toEqual([
      ["never_matches", "NOT IN SEGMENT 'a'"],
    ]);
    expect(warnings("IN SEGMENT 'a' AND NOT IN SEGMENT 'b'")).toEqual([]);
  });

  it("does not say that a rule takes everyone which may fail because a segment does", () => {
    expect(warnings("IN SEGMENT 'a' OR NOT IN SEGMENT 'a'")).toEqual([]);
  });
});

describe("single conditions", () => {
  it.each<[string, Warning]>([
    ["age > null", ["no_order", "age > null"]],
    ["age <= TRUE", ["no_order", "age <= TRUE"]],
    ["age IN []", ["never_matches", "age IN []"]],
    ["age NOT IN []", ["always_matches", "age NOT IN []"]],
    ["age BETWEEN 5 AND 1", ["never_matches", "age BETWEEN 5 AND 1"]],
    [
      "v BETWEEN semver('1.10.0') AND semver('1.9.0')",
      ["never_matches", "v BETWEEN semver('1.10.0') AND semver('1.9.0')"],
    ],
    [
      "d BETWEEN date('2026-02-01') AND date('2026-01-01')",
      ["never_matches", "d BETWEEN date('2026-02-01') AND date('2026-01-01')"],
    ],
    ["age IN [1, 2, 1.0]", ["duplicate_value", "1.0"]],
    ["name STARTS_WITH ''", ["always_matches", "name STARTS_WITH ''"]],
    ["name MATCHES '['", ["invalid_pattern", "'['"]],
    ["id == 9007199254740993", ["inexact_number", "9007199254740993"]],
    ["id < 1e400", ["inexact_number", "1e400"]],
  ])("warns of %s", (text, warning) => {
    expect(warnings(text)).toEqual([warning]);
  });

  it.each([
    ["a(?=b)", "Write two conditions instead, one of them with NOT"],
    ["(a)\\1", "Write out what may be repeated"],
    ["a++", "Leave them out; patterns cannot run away here"],
    ["a{1001}", "A special character that is meant as itself needs a backslash before it"],
  ])("says what to do instead of the pattern %s", (pattern, hint) => {
    expect(hints(`name MATCHES "${pattern}"`)).toEqual([hint]);
  });

  it.each([
    "age BETWEEN 5 AND 5",
    "age IN [1, '1', true, null]",
    "id == 9007199254740991",
    "id == 1e300",
    "name MATCHES '^\\d+(?:a|b)*$'",
    "nick == null",
    "tags CONTAINS null",
  ])("has nothing to say about %s but perhaps its types", (text) => {
    expect(warnings(text).filter(([code]) => code !== "mixed_types")).toEqual([]);
  });
});

describe("types", () => {
  it.each<[string, readonly Warning[]]>([
    ["a > 5 OR a == 'x'", [["mixed_types", "'x'"]]],
    ["a IN [1, '1']", [["mixed_types", "'1'"]]],
    ["a STARTS_WITH 'x' OR a == true", [["mixed_types", "true"]]],
    ["a > semver('1.0.0') OR a > date('2026-01-01')", [["mixed_types", "date('2026-01-01')"]]],
    ["a > semver('1.0.0') OR a == '1.0.0' OR a == null", []],
    ["a CONTAINS 1 OR a CONTAINS 'x'", []],
    ["a == 1 OR b == 'x'", []],
  ])("of the values in %s", (text, expected) => {
    expect(warnings(text)).toEqual(expected);
  });
});

describe("schemas", () => {
  const schema: AttributeSchema = {
    age: "number",
    name: "string",
    vip: "boolean",
    tags: "list",
    app_version: "semver",
    signed_up: "date",
    "user.plan": "string",
    extra: "object",
    'attributes["weird key"]': "number",
    "user-id": "string",
  };

  it.each<[string, readonly Warning[]]>([
    ["age > 5 AND name == 'x' AND vip == true AND tags CONTAINS 5", []],
    ["age == null OR extra.any.thing == 1 OR user EXISTS", []],
    ["attributes['weird key'] == 1 AND attributes['user-id'] == 'x'", []],
    ["app_version >= semver('1.0.0') AND signed_up < date('2026-01-01')", []],
    ["age == '5'", [["type_mismatch", "'5'"]]],
    ["age STARTS_WITH '5'", [["type_mismatch", "'5'"]]],
    ["name > 5", [["type_mismatch", "5"]]],
    [
      "vip IN [true, 1]",
      [
        ["type_mismatch", "1"],
        ["mixed_types", "1"],
      ],
    ],
    ["tags == 'x'", [["type_mismatch", "'x'"]]],
    ["name CONTAINS 5", [["type_mismatch", "5"]]],
    ["app_version > '2.10.0'", [["type_mismatch", "'2.10.0'"]]],
    ["age BETWEEN 'a' AND 'b'", [["type_mismatch", "'a'"]]],
    ["agee > 5", [["unknown_attribute", "agee"]]],
    ["user.paln EXISTS", [["unknown_attribute", "user.paln"]]],
    ["name.first EXISTS", [["unknown_attribute", "name.first"]]],
    ["constructor EXISTS", [["unknown_attribute", "constructor"]]],
  ])("compare %s with what is known", (text, expected) => {
    const found = warnings(text, schema);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining([...expected]));
  });

  it("suggest the attribute that was meant", () => {
    expect(hints("agee > 5 OR user.paln EXISTS OR zzz EXISTS", schema)).toEqual([
      "Did you mean `age`?",
      "Did you mean `user.plan`?",
      undefined,
    ]);
  });

  it("suggest versions and dates where a text is compared letter by letter", () => {
    expect(hints("app_version > '2.10.0'", schema)).toEqual(['A text is compared letter by letter; write semver("…")']);
  });
});

describe("conditions together", () => {
  it.each([
    ["a == 1 AND a == 2", "a == 2"],
    ["a == 1 AND b == 1 AND a != 1", "a != 1"],
    ["a > 5 AND a < 3", "a < 3"],
    ["a > 5 AND a <= 5", "a <= 5"],
    ["a >= 5 AND a <= 5 AND a != 5", "a != 5"],
    ["a > 'b' AND a < 'a'", "a < 'a'"],
    ["a == 1 AND a STARTS_WITH '1'", "a STARTS_WITH '1'"],
    ["a > 1 AND a > 'x'", "a > 'x'"],
    ["a IN [1, 2] AND a IN [3, 4]", "a IN [3, 4]"],
    ["a IN [1, 2] AND a NOT IN [1, 2, 3]", "a NOT IN [1, 2, 3]"],
    ["a BETWEEN 1 AND 5 AND a > 7", "a > 7"],
    ["a == 'x' AND NOT a STARTS_WITH 'x'", "a STARTS_WITH 'x'"],
    ["a > 5 AND NOT a > 3", "a > 3"],
    ["a == 1 AND NOT a EXISTS", "a == 1"],
    ["user.plan == 'x' AND NOT user EXISTS", "user.plan == 'x'"],
    ["a == 1 AND (b == 2 AND a == 3)", "a == 3"],
    ["a == 1 AND NOT (b == 2 OR a == 1)", "a == 1"],
    ["v > semver('2.0.0') AND v < semver('1.0.0')", "v < semver('1.0.0')"],
    ["v == semver('1.0.0') AND v == semver('1.0.1')", "v == semver('1.0.1')"],
    ["d > date('2026-02-01') AND d < date('2026-01-01')", "d < date('2026-01-01')"],
    ["a == null AND a > 1", "a > 1"],
    ["a == true AND a == false", "a == false"],
  ])("can never hold: %s", (text, words) => {
    expect(warnings(text)).toContainEqual(["never_matches", words]);
  });

  it.each([
    "a EXISTS OR NOT a EXISTS",
    "a == 1 OR NOT a == 1",
    "a == 1 OR a != 1 OR NOT a EXISTS",
    "a IN [1] OR NOT (a IN [1] AND b == 2) OR c EXISTS",
  ])("always hold: %s", (text) => {
    expect(warnings(text)).toContainEqual(["always_matches", text]);
  });

  it.each([
    "a == 1 OR a != 1",
    "a > 1 OR NOT a > 1",
    "b > 1 OR a EXISTS OR NOT a EXISTS",
    "a MATCHES 'x' OR NOT a MATCHES 'x'",
    "a == 1 OR a == 2",
    "a != 1 AND a != 2",
    "NOT a == 1 AND NOT a != 1",
    "NOT a EXISTS AND NOT a == 1",
    "a > 5 AND a < 6",
    "a CONTAINS 'x' AND a CONTAINS 'y'",
    "a CONTAINS 'x' AND NOT a CONTAINS 'y'",
    "a == '1.0.0' AND a == semver('1.0.0+build')",
    "v >= semver('1.0.0') AND v <= semver('1.0.0+x')",
    "a == 1 AND b == 2",
    "a EXISTS AND NOT a.b EXISTS",
    "a MATCHES 'x' AND a == 'y'",
  ])("may hold for some and not for others: %s", (text) => {
    expect(warnings(text).filter(([code]) => code !== "mixed_types")).toEqual([]);
  });

  it.each<[string, string]>([
    ["a == 1 OR a == 1", "a == 1"],
    ["a == 1 AND b == 2 AND a == 1.0", "a == 1.0"],
  ])("are told when they repeat: %s", (text, words) => {
    expect(warnings(text)).toEqual([["duplicate_condition", words]]);
  });

  it("are told once where one of them can never hold by itself", () => {
    expect(warnings("a IN [] AND a == 1")).toEqual([["never_matches", "a IN []"]]);
  });
});

describe("check", () => {
  it("has nothing to say about the blank rule", () => {
    expect(warnings(" ")).toEqual([]);
  });
});

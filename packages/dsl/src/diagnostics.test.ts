import { describe, expect, it } from "vitest";
import type { Diagnostic, DiagnosticCode } from "./diagnostics.ts";
import { parse } from "./parse.ts";

function diagnose(text: string): readonly Diagnostic[] {
  const result = parse(text);
  return result.ok ? [] : result.diagnostics;
}

/** Code, the words it is about, and the hint. */
type Told = readonly [code: DiagnosticCode, words: string, hint?: string];

function told(text: string): readonly Told[] {
  return diagnose(text).map(({ code, range, hint }): Told => {
    const words = text.slice(range.start.offset, range.end.offset);
    return hint === undefined ? [code, words] : [code, words, hint];
  });
}

describe("single mistakes", () => {
  it.each<[string, Told]>([
    ["a = 1", ["wrong_symbol", "=", "Did you mean `==`?"]],
    ["a === 1", ["wrong_symbol", "===", "Did you mean `==`?"]],
    ["a <> 1", ["wrong_symbol", "<>", "Did you mean `!=`?"]],
    ["a => 1", ["wrong_symbol", "=>", "Did you mean `>=`?"]],
    ["a == 1 && b == 2", ["wrong_symbol", "&&", "Did you mean `AND`?"]],
    ["a == 1 || b == 2", ["wrong_symbol", "||", "Did you mean `OR`?"]],
    ["!a EXISTS", ["wrong_symbol", "!", "Did you mean `NOT`?"]],
    ["country CONTAIN 'x'", ["misspelt_keyword", "CONTAIN", "Did you mean `CONTAINS`?"]],
    ["country START_WITH 'x'", ["misspelt_keyword", "START_WITH", "Did you mean `STARTS_WITH`?"]],
    ["country STARTS WITH 'x'", ["misspelt_keyword", "STARTS WITH", "Did you mean `STARTS_WITH`?"]],
    ["country INN ['x']", ["misspelt_keyword", "INN", "Did you mean `IN`?"]],
    ["country IS NOT 'x'", ["misspelt_keyword", "IS NOT", "Did you mean `!=`?"]],
    ["age BETWEN 1 AND 2", ["misspelt_keyword", "BETWEN", "Did you mean `BETWEEN`?"]],
    ["a == 1 ADN b == 2", ["misspelt_keyword", "ADN", "Did you mean `AND`?"]],
    ["NTO a EXISTS OR b EXISTS", ["misspelt_keyword", "NTO", "Did you mean `NOT`?"]],
    ["a NTO IN [1]", ["misspelt_keyword", "NTO", "Did you mean `NOT`?"]],
    ["vip == ture", ["misspelt_keyword", "ture", 'Did you mean `TRUE`, or the text "ture"?']],
    ["vip == None", ["misspelt_keyword", "None", 'Did you mean `NULL`, or the text "None"?']],
    ["a == DE", ["missing_quotes", "DE", 'Did you mean "DE"? A condition cannot compare two attributes.']],
    [
      "city == New York AND b == 1",
      ["missing_quotes", "New York", 'Did you mean "New York"? A condition cannot compare two attributes.'],
    ],
    ['country IN "DE"', ["missing_brackets", '"DE"', 'Did you mean ["DE"]?']],
    ["country IN DE, FR", ["missing_brackets", "DE, FR", 'Did you mean ["DE", "FR"]?']],
    ['country IN ("DE") AND a == 1', ["missing_brackets", '("DE"', 'Did you mean ["DE"]?']],
    ['country IN ["DE"', ["missing_closing", "[", "Put a `]` where it ends"]],
    ['country IN ["DE" AND a == 1', ["missing_closing", "[", "Put a `]` where it ends"]],
    ["(a == 1", ["missing_closing", "(", "Put a `)` where it ends"]],
    ["a == 1)", ["unexpected_closing", ")", "Leave it out, or open one where it belongs"]],
    ['a == "x', ["unterminated_text", '"x', 'Put a " where the text ends.']],
    ["a == “x”", ["typographic_quotes", "“x”", 'Use plain quotes: "x"']],
    ["v > 2.10.0", ["malformed_number", "2.10.0", 'Write a version as semver("2.10.0")']],
    ["d > 2026-01-01", ["malformed_number", "2026-01-01", 'Write a date as date("2026-01-01")']],
    ["a > .5", ["malformed_number", ".5", "Put a digit before the point: 0.5"]],
    ["a > 1.", ["malformed_number", "1.", "Leave out the point, or put a digit after it: 1.0"]],
    ["a > 1_000", ["malformed_number", "1_000", "Leave out the underscores: 1000"]],
    ["user-id == 1", ["malformed_name", "user-id", 'A name with a dash goes into brackets: attributes["user-id"]']],
    ["a. == 1", ["malformed_name", "a.", "A dot stands between two names, without spaces, as in user.plan"]],
    ["a[b] == 1", ["malformed_name", "a[b]", 'A name in brackets has quotes and no spaces around it: a["b"]']],
    ["a[0] == 1", ["malformed_name", "a[0]", "To look for a value in a list write CONTAINS"]],
    ["in == 1", ["keyword_as_name", "in", 'Write attributes["in"]']],
    ['"DE" == country', ["value_before_attribute", '"DE" == country', 'Did you mean country == "DE"?']],
    ["18 <= age < 65", ["value_before_attribute", "18 <= age < 65", "Did you mean age >= 18 AND age < 65?"]],
    ["a NOT CONTAINS 1", ["misplaced_not", "NOT", "Put it before the attribute: NOT a CONTAINS …"]],
    ["a NOT BETWEEN 1 AND 2", ["misplaced_not", "NOT", "Put it before the attribute: NOT a BETWEEN …"]],
    ["a STARTS_WITH 5", ["wrong_value", "5", 'Did you mean "5"?']],
    ["a BETWEEN 1 AND 'x'", ["invalid_range", "1 AND 'x'"]],
    ["a BETWEEN true AND false", ["invalid_range", "true AND false"]],
    ["a BETWEEN 1 2", ["missing_value", "1 2", "Did you mean BETWEEN 1 AND 2?"]],
    [
      "v > semver('2.10')",
      ["invalid_version", "'2.10'", "A version has three numbers and perhaps a suffix: 2.10.0 or 2.10.0-beta.1"],
    ],
    ["v > semver(2.10.0)", ["invalid_version", "semver(2.10.0)", 'Write it as semver("2.10.0")']],
    [
      "d > date('2026-02-30')",
      [
        "invalid_date",
        "'2026-02-30'",
        "Write year-month-day, or a time with its zone: 2026-01-31 or 2026-01-31T10:00:00Z",
      ],
    ],
    ["a IN [1 2]", ["unexpected_word", " "]],
    ["a IN [1,]", ["missing_value", "]", "Leave out the last comma"]],
    ["a IN", ["missing_value", "", 'Write the values in square brackets, as in country IN ["DE", "FR"]']],
    ["a IN [,1]", ["missing_value", ","]],
    [
      "a == 1, b == 2",
      ["missing_connective", ",", "Write `AND` or `OR`; several values of one attribute go into IN [ ]"],
    ],
    ["a == 1 b == 2", ["missing_connective", " "]],
    ["a ==", ["missing_value", ""]],
    ["a", ["missing_operator", "a", 'Write a test after it, such as EXISTS or == "DE"']],
    ["a == 1 OR", ["missing_condition", ""]],
    ["OR a == 1", ["missing_condition", "OR"]],
    ["()", ["missing_condition", ")"]],
    ["a == 5%", ["unexpected_character", "%", "Write the number alone"]],
    ["a == 1 -- note", ["unexpected_character", "--", "A comment begins with #"]],
    ["a == 1\u200b", ["unexpected_character", "\u200b", "Delete it; it may have come along when the rule was pasted"]],
    ["IN SEGMENT", ["missing_value", ""]],
    ["IN SEGMENT beta", ["missing_quotes", "beta", 'Did you mean "beta"? A condition cannot compare two attributes.']],
    ["IN SEGMENT 5", ["wrong_value", "5", 'Did you mean "5"?']],
    ["NOT IN SEGMNET 'beta'", ["misspelt_keyword", "SEGMNET", "Did you mean `SEGMENT`?"]],
    ["user NOT IN SEGMENT 'beta'", ["unexpected_word", "user NOT IN SEGMENT", "Did you mean NOT IN SEGMENT 'beta'?"]],
    ["IN ['DE']", ["missing_condition", "IN", "Write an attribute before `IN`"]],
    ["# nothing yet", ["only_comments", "# nothing yet", "Empty the text to take everyone"]],
  ])("explains %s", (text, expected) => {
    expect(told(text)).toEqual([expected]);
  });
});

describe("several mistakes", () => {
  it("tells them all at once, in the order of the text", () => {
    const text = 'a = DE AND\nc IN 5 OR d CONTIANS "x" AND (e >';
    expect(told(text).map(([code, words]) => [code, words])).toEqual([
      ["wrong_symbol", "="],
      ["missing_quotes", "DE"],
      ["missing_brackets", "5"],
      ["misspelt_keyword", "CONTIANS"],
      ["missing_closing", "("],
      ["missing_value", ""],
    ]);
  });

  it("goes on after each condition that cannot be read", () => {
    expect(told("a == AND b > OR NOT (c IN) AND 5").map(([code]) => code)).toEqual([
      "missing_value",
      "missing_value",
      "missing_value",
      "value_before_attribute",
    ]);
  });
});

describe("mistakes around BETWEEN", () => {
  it("leave it at the value that is missing", () => {
    expect(told("a BETWEEN 1 AND) IN 5").map(([code]) => code)).toContain("missing_value");
  });
});

describe("places", () => {
  it("counts lines and columns from 1", () => {
    const [diagnostic] = diagnose("a == 1 AND\r\n  b = 2");
    expect(diagnostic?.range).toEqual({
      start: { offset: 16, line: 2, column: 5 },
      end: { offset: 17, line: 2, column: 6 },
    });
  });
});

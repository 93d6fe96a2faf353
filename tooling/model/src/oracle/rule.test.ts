import type { JsonObject } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { ruleText, segmentsOf, test, type Rule, type Truth } from "./rule.ts";

const GERMAN: Rule = { kind: "equals", attribute: "country", value: "DE", negated: false };
const ADULT: Rule = { kind: "order", attribute: "age", operator: ">=", value: 18 };

describe("the model's rules", () => {
  it.each<[string, Rule, JsonObject, Truth]>([
    ["a missing attribute fails every test", { ...GERMAN, negated: true }, {}, "false"],
    ["NOT turns that around", { kind: "not", rule: GERMAN }, {}, "true"],
    ["a number and a text are not equal", { ...GERMAN, value: 1 }, { country: "1" }, "false"],
    ["null is a value", { kind: "in", attribute: "plan", values: [null], negated: false }, { plan: null }, "true"],
    ["a text has no order with a number", ADULT, { age: "forty" }, "error"],
    [
      "an error that is reached is the result",
      { kind: "and", left: GERMAN, right: ADULT },
      { country: "DE", age: null },
      "error",
    ],
    [
      "an error that is not reached does not happen",
      { kind: "or", left: GERMAN, right: ADULT },
      { country: "DE", age: "x" },
      "true",
    ],
    [
      "a list contains its members only",
      { kind: "contains", attribute: "tags", value: "beta" },
      { tags: ["beta-2"] },
      "false",
    ],
  ])("%s", (_, rule, attributes, truth) => {
    expect(test(rule, attributes, [])).toBe(truth);
  });

  it("ask for segments, whose errors are theirs, and NOT IN SEGMENT takes those who lack an attribute", () => {
    const segments = [
      { key: "germans", rule: GERMAN },
      { key: "adults", rule: ADULT },
    ];
    const inSegment = (name: string, negated = false): Rule => ({ kind: "segment", name, negated });
    expect(test(inSegment("germans"), { country: "DE" }, segments)).toBe("true");
    expect(test(inSegment("germans", true), {}, segments)).toBe("true");
    expect(test(inSegment("adults", true), { age: "x" }, segments)).toBe("error");
    expect(test(inSegment("nobody"), {}, segments)).toBe("error");
    expect(ruleText(inSegment("adults", true))).toBe('NOT IN SEGMENT "adults"');
  });

  it("rest on the segments of their segments", () => {
    const inner: Rule = { kind: "segment", name: "inner", negated: false };
    const outer: Rule = { kind: "not", rule: { kind: "segment", name: "outer", negated: false } };
    const segments = [
      { key: "outer", rule: inner },
      { key: "inner", rule: GERMAN },
    ];
    expect(segmentsOf(outer, segments)).toEqual(["outer", "inner"]);
  });

  it("are written with parentheses where it matters", () => {
    const rule: Rule = {
      kind: "and",
      left: { kind: "not", rule: GERMAN },
      right: { kind: "or", left: ADULT, right: GERMAN },
    };
    expect(ruleText(rule)).toBe('(NOT (country == "DE")) AND ((age >= 18) OR (country == "DE"))');
  });
});

import type { Configuration, JsonObject, ParsedRule, Rule, RuleParser, Segment } from "@lotty/domain";
import { describe, expect, test } from "vitest";
import { evaluateRule } from "./rules/compile-rule.ts";
import { compileSnapshot, type CompileOptions, type Snapshot } from "./snapshot.ts";

/** Rules as their trees in JSON: this package has no parser. */
type SegmentTexts = Readonly<Record<string, string>>;

const parseRule: RuleParser = (text): ParsedRule => {
  if (text === BROKEN) return { ok: false, message: "This is no rule." };
  return { ok: true, rule: text === "" ? null : (JSON.parse(text) as Rule) };
};

const BROKEN = "plan ==";

function inSegment(key: string): string {
  return JSON.stringify({ kind: "segment", key, negated: false });
}

function notInSegment(key: string): string {
  return JSON.stringify({ kind: "segment", key, negated: true });
}

function not(text: string): string {
  return JSON.stringify({ kind: "not", operand: JSON.parse(text) as Rule });
}

function joined(kind: "and" | "or", ...texts: readonly string[]): string {
  return JSON.stringify({ kind, operands: texts.map((text) => JSON.parse(text) as Rule) });
}

function equals(name: string, value: string | number): string {
  const literal = typeof value === "string" ? { type: "string", value } : { type: "number", value };
  return JSON.stringify({ kind: "comparison", path: [name], operator: "==", literal });
}

const planExists = JSON.stringify({ kind: "exists", path: ["plan"] });

const planAboveFive = JSON.stringify({
  kind: "comparison",
  path: ["plan"],
  operator: ">",
  literal: { type: "number", value: 5 },
});

function configurationWith(targetingRules: string, texts: SegmentTexts, version = 1): Configuration {
  return {
    environmentId: "env",
    revision: version,
    flags: [
      {
        id: "f",
        key: "flag",
        valueType: "boolean",
        defaultValue: false,
        enabled: true,
        rules: [{ id: "r", targetingRules, value: true, rollout: 10_000 }],
        version: 1,
        updatedAt: 0,
      },
    ],
    experiments: [],
    domains: [],
    segments: Object.entries(texts).map(([key, rule]): Segment => ({ id: key, key, rule, version, updatedAt: 0 })),
  };
}

function compile(rule: string, texts: SegmentTexts, options: Partial<CompileOptions> = {}): Snapshot {
  return compileSnapshot(configurationWith(rule, texts), { parseRule, ...options });
}

function verdict(snapshot: Snapshot, attributes: JsonObject): string {
  const targeting = snapshot.flags.get("flag")?.rules?.rules[0]?.targeting;
  if (targeting === undefined || "fault" in targeting) return "fault";
  return evaluateRule(targeting, attributes);
}

describe("a rule that names segments", () => {
  test.each([
    ["IN", inSegment("beta"), "true", "false"],
    ["NOT IN", notInSegment("beta"), "false", "true"],
    ["NOT (IN)", not(inSegment("beta")), "false", "true"],
    ["a segment in a segment", inSegment("staff"), "true", "false"],
    ["a blank segment", inSegment("everyone"), "true", "true"],
    ["a segment that fails", inSegment("failing"), "error", "false"],
    ["not one that fails", notInSegment("failing"), "error", "true"],
    ["a missing one", inSegment("missing"), "error", "error"],
    ["not one that is no rule", notInSegment("broken"), "error", "error"],
    ["a missing one that is not reached", joined("or", equals("plan", "beta"), inSegment("missing")), "true", "error"],
  ])("comes out as its segments do: %s", (_, rule, inside, outside) => {
    const texts = {
      staff: joined("and", inSegment("beta"), planExists),
      beta: equals("plan", "beta"),
      everyone: "",
      failing: planAboveFive,
      broken: BROKEN,
    };
    const snapshot = compile(rule, texts);
    expect(verdict(snapshot, { plan: "beta" })).toBe(inside);
    expect(verdict(snapshot, {})).toBe(outside);
  });

  test("fails for everyone in a circle of segments, in whatever order they come", () => {
    const circle: readonly (readonly [string, string])[] = [
      ["a", joined("or", planExists, inSegment("b"))],
      ["b", joined("or", planExists, inSegment("a"))],
      ["way", joined("or", planExists, inSegment("a"))],
    ];
    for (const entries of [circle, circle.toReversed()]) {
      for (const key of ["a", "b", "way"]) {
        const snapshot = compile(inSegment(key), Object.fromEntries(entries));
        expect(verdict(snapshot, { plan: "x" })).toBe("error");
        expect(snapshot.segments.faults.get(key)).toContain("circle");
      }
    }
  });

  test("cannot be used when it comes to too many conditions, and can again when the segment gets smaller", () => {
    const large = { large: joined("or", ...Array.from({ length: 6_000 }, (_, index) => equals("a", index))) };
    const rule = joined("or", inSegment("large"), inSegment("large"));
    const first = compile(rule, large);
    expect(verdict(first, { a: 1 })).toBe("fault");
    expect(verdict(compile(rule, { large: equals("a", 1) }, { previous: first }), { a: 1 })).toBe("true");
  });

  test("is compiled anew exactly when a segment has changed", () => {
    const parsed: string[] = [];
    const counting: typeof parseRule = (text) => {
      parsed.push(text);
      return parseRule(text);
    };
    const rule = inSegment("beta");
    const [one, two] = [equals("x", 1), equals("x", 2)];
    const first = compile(rule, { beta: one }, { parseRule: counting });
    const same = compile(rule, { beta: one }, { parseRule: counting, previous: first });
    expect(parsed).toEqual([one, rule]);
    expect(same.segments).toBe(first.segments);
    const changed = compile(rule, { beta: two }, { parseRule: counting, previous: same });
    expect(parsed).toEqual([one, rule, two, rule]);
    expect(verdict(changed, { x: 2 })).toBe("true");
    expect(verdict(first, { x: 2 })).toBe("false");
  });
});

import { describe, expect, it } from "vitest";
import { RULE_LIMITS } from "./limits.ts";
import { parse } from "./parse.ts";

function codes(text: string): readonly string[] {
  const result = parse(text);
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

function nested(depth: number): string {
  return `${"(".repeat(depth)}a EXISTS${")".repeat(depth)}`;
}

function chain(length: number): string {
  return Array.from({ length }, () => "a EXISTS").join(" OR ");
}

function list(length: number): string {
  return `a IN [${Array.from({ length }, (_, index) => index).join()}]`;
}

function pattern(counts: number): string {
  return `a MATCHES "${"a{1000}".repeat(counts)}"`;
}

const { textLength, tokens, depth, nodes, listItems } = RULE_LIMITS;
const spaces = " ".repeat(textLength - "a EXISTS".length);

describe("limits", () => {
  it.each<[string, string, string]>([
    ["text_too_long", `a EXISTS${spaces}`, `a EXISTS${spaces} `],
    ["nested_too_deep", nested(depth), nested(depth + 1)],
    ["nested_too_deep", `${"NOT ".repeat(depth)}a EXISTS`, `${"NOT ".repeat(depth + 1)}a EXISTS`],
    ["nested_too_deep", `${"NOT (".repeat(depth / 2)}a EXISTS${")".repeat(depth / 2)}`, "NOT (".repeat(depth)],
    ["too_many_conditions", chain(nodes / 2), chain(nodes / 2 + 1)],
    ["list_too_long", list(listItems), list(listItems + 1)],
    ["patterns_too_large", pattern(20), pattern(40)],
  ])("%s: takes what is just within, and says so beyond", (code, within, beyond) => {
    expect(codes(within)).toEqual([]);
    expect(codes(beyond)).toEqual([code]);
  });

  it("counts words", () => {
    expect(codes(") ".repeat(tokens + 1))).toEqual(["too_many_tokens"]);
  });

  it("adds up the patterns of a rule", () => {
    expect(codes(`${pattern(20)} OR ${pattern(20)}`)).toEqual(["patterns_too_large"]);
  });

  it("counts several lists apart", () => {
    expect(codes(`${list(listItems)} OR ${list(listItems)}`)).toEqual([]);
  });

  it("does not count the NOT of NOT IN as nesting", () => {
    expect(codes(Array.from({ length: depth * 2 }, () => "a NOT IN [1]").join(" AND "))).toEqual([]);
  });

  it("reports no more diagnostics than anyone reads", () => {
    expect(codes("a == OR ".repeat(1_000))).toHaveLength(RULE_LIMITS.diagnostics);
  });

  it.each([
    ["faults deep inside of parentheses", `${"(a == 1 OR ".repeat(99)}a == ${"< ".repeat(20_000)}`],
    ["a fault in each of many conditions", "AND ".repeat(nodes - 1)],
    ["brackets that are never closed", "[ ".repeat(60_000)],
    ["quotes that are never closed", `a["`.repeat(10_000)],
    ["stray characters", "@ ".repeat(100_000)],
  ])(
    "answers soon for %s",
    (_, text) => {
      const start = performance.now();
      expect(parse(text).ok).toBe(false);
      // Each takes well under 0.2 s on an idle machine; what is not linear takes minutes.
      expect(performance.now() - start).toBeLessThan(5_000);
    },
    20_000,
  );

  it("cannot be changed", () => {
    expect(Object.isFrozen(RULE_LIMITS)).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "./rule.ts";
import { segmentsNamedIn } from "./rule-clauses.ts";
import { findSegmentCycle, orderSegments, SEGMENT_LIMITS, type SegmentRules } from "./segment-order.ts";

function naming(...keys: readonly string[]): Rule {
  return { kind: "or", operands: keys.map((key) => ({ kind: "segment", key, negated: false })) };
}

const graphs: fc.Arbitrary<SegmentRules> = fc
  .array(fc.array(fc.nat({ max: 7 }), { maxLength: 3 }), { minLength: 1, maxLength: 7 })
  .map((lists) => new Map(lists.map((named, index) => [`s${index}`, naming(...named.map((each) => `s${each}`))])));

/** Whether a segment reaches itself, found by walking all ways. */
function reachesItself(rules: SegmentRules, from: string): boolean {
  const seen = new Set<string>();
  const waiting = [...segmentsNamedIn(rules.get(from) ?? null)];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (key === from) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    waiting.push(...segmentsNamedIn(rules.get(key) ?? null));
  }
  return false;
}

describe("the order of segments", () => {
  it("has each segment after those that it names", () => {
    fc.assert(
      fc.property(graphs, (rules) => {
        const { usable } = orderSegments(rules);
        for (const [index, key] of usable.entries()) {
          const named = segmentsNamedIn(rules.get(key) ?? null).filter((each) => rules.has(each));
          expect(usable.slice(0, index)).toEqual(expect.arrayContaining(named));
        }
      }),
    );
  });

  it("has every segment once, usable or with a fault", () => {
    fc.assert(
      fc.property(graphs, (rules) => {
        const { usable, faults } = orderSegments(rules);
        expect([...usable, ...faults.keys()].toSorted()).toStrictEqual([...rules.keys()].toSorted());
      }),
    );
  });

  it("passes over names of segments that are not there", () => {
    expect(orderSegments(new Map([["a", naming("nobody")]]))).toStrictEqual({
      usable: ["a"],
      faults: new Map(),
      clauses: new Map([["a", 1]]),
    });
  });

  it("refuses segments that stand too deep inside each other, and what rests on them", () => {
    const chain = new Map(
      Array.from({ length: SEGMENT_LIMITS.depth + 2 }, (_, index) => [`s${index}`, naming(`s${index - 1}`)]),
    );
    const { usable, faults } = orderSegments(chain);
    expect(usable).toHaveLength(SEGMENT_LIMITS.depth);
    expect([...faults.values()]).toStrictEqual(["too_deep", "too_deep"]);
  });

  it("refuses segments that multiply beyond the limit", () => {
    const tenfold = (key: string): Rule => naming(...Array.from({ length: 10 }, () => key));
    const rules = new Map(Array.from({ length: 5 }, (_, index) => [`s${index}`, tenfold(`s${index - 1}`)]));
    expect(orderSegments(rules).faults).toStrictEqual(new Map([["s4", "too_large"]]));
  });

  it("takes a chain of any length without running out of stack", () => {
    const chain = new Map(Array.from({ length: 50_000 }, (_, index) => [`s${index}`, naming(`s${index + 1}`)]));
    expect(orderSegments(chain).usable).toHaveLength(SEGMENT_LIMITS.depth);
  });
});

describe("a circle of segments", () => {
  it("is found exactly when a segment reaches itself, and is one", () => {
    fc.assert(
      fc.property(graphs, (rules) => {
        const cycle = findSegmentCycle(rules);
        const circular = [...rules.keys()].some((key) => reachesItself(rules, key));
        expect(cycle !== undefined).toBe(circular);
        for (const [index, key] of (cycle ?? []).slice(0, -1).entries()) {
          expect(segmentsNamedIn(rules.get(key) ?? null)).toContain(cycle?.[index + 1]);
        }
        if (cycle !== undefined) expect(cycle.at(-1)).toBe(cycle[0]);
      }),
    );
  });

  it("is told without what only leads to it", () => {
    const rules = new Map([
      ["way", naming("a")],
      ["a", naming("b")],
      ["b", naming("a")],
    ]);
    expect(findSegmentCycle(rules)).toStrictEqual(["a", "b", "a"]);
    expect([...orderSegments(rules).faults.keys()].toSorted()).toStrictEqual(["a", "b", "way"]);
  });
});

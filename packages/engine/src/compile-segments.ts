import {
  orderSegments,
  segmentsNamedIn,
  type Rule,
  type RuleParser,
  type Segment,
  type SegmentFault,
} from "@lotty/domain";
import type { AttributeTest } from "./rules/compile-clause.ts";
import { compileRule, type SegmentTests } from "./rules/compile-rule.ts";

/** A segment that can be asked for. */
export interface CompiledSegment {
  readonly segment: Segment;
  readonly rule: Rule | null;
  /** The segments that its meaning rests on, itself included. */
  readonly restsOn: ReadonlySet<Segment>;
}

/** The segments of a configuration, made ready to be asked. Those with a fault are left out: asking for one is an error. */
export interface CompiledSegments {
  /** As they were given. */
  readonly given: readonly Segment[];
  readonly byKey: ReadonlyMap<string, CompiledSegment>;
  readonly tests: SegmentTests;
  /** How many clauses each comes to. */
  readonly clauses: ReadonlyMap<string, number>;
  /** Why segments cannot be used, by their keys. */
  readonly faults: ReadonlyMap<string, string>;
}

/**
 * Compiles segments, each after those that it names. Where nothing has changed the earlier ones are taken over. Linear in
 * the size of their rules.
 */
export function compileSegments(
  given: readonly Segment[],
  parseRule: RuleParser,
  previous?: CompiledSegments,
): CompiledSegments {
  if (previous !== undefined && sameSegments(given, previous.given)) return previous;
  const segments = new Map(given.map((segment) => [segment.key, segment]));
  const rules = new Map<string, Rule | null>();
  const faults = new Map<string, string>();
  for (const [key, { rule }] of segments) {
    const parsed = parseRule(rule);
    if (parsed.ok) rules.set(key, parsed.rule);
    else faults.set(key, parsed.message);
  }
  const order = orderSegments(rules);
  for (const [key, fault] of order.faults) faults.set(key, FAULT_TEXTS[fault]);

  const byKey = new Map<string, CompiledSegment>();
  const tests = new Map<string, AttributeTest>();
  for (const key of order.usable) {
    const segment = segments.get(key);
    if (segment === undefined) continue;
    const rule = rules.get(key) ?? null;
    byKey.set(key, { segment, rule, restsOn: new Set([segment, ...segmentsBehind(rule, byKey)]) });
    tests.set(key, compileRule(rule, tests).test);
  }
  return { given, byKey, tests, clauses: order.clauses, faults };
}

const FAULT_TEXTS: Readonly<Record<SegmentFault, string>> = {
  cycle: "The segment is in a circle of segments that name each other, or names one that is.",
  too_deep: "Segments stand too deep inside each other here.",
  too_large: "With the segments that it names, the segment has too many conditions.",
};

/** The segments that the meaning of a rule rests on, directly or through others. */
export function segmentsBehind(rule: Rule | null, byKey: CompiledSegments["byKey"]): readonly Segment[] {
  if (byKey.size === 0) return [];
  const behind = new Set<Segment>();
  for (const key of segmentsNamedIn(rule)) {
    for (const segment of byKey.get(key)?.restsOn ?? []) behind.add(segment);
  }
  return [...behind];
}

function sameSegments(now: readonly Segment[], then: readonly Segment[]): boolean {
  return (
    now.length === then.length &&
    now.every((segment, index) => {
      const earlier = then[index];
      return (
        earlier !== undefined &&
        segment.id === earlier.id &&
        segment.key === earlier.key &&
        segment.rule === earlier.rule &&
        segment.version === earlier.version &&
        segment.updatedAt === earlier.updatedAt
      );
    })
  );
}

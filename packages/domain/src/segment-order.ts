import type { Rule } from "./rule.ts";
import { clausesOf, segmentsNamedIn } from "./rule-clauses.ts";

/** The rule of each segment by the segment's key; `null` is the blank rule. Segments whose text is no rule are left out. */
export type SegmentRules = ReadonlyMap<string, Rule | null>;

/**
 * How far segments may build on each other. A rule that asks for a segment costs what the segment's rule costs, and that of
 * each segment it names in turn, so both the stack and the time of a decision have to be bounded.
 */
export const SEGMENT_LIMITS = {
  /** Segments that may stand inside each other, the outermost included. */
  depth: 10,
  /** Clauses of a rule that names segments, those of the segments included, each as often as it is named. */
  clauses: 10_000,
} as const;

/** Why a segment cannot be used: it is in a circle or rests on one, or goes beyond {@link SEGMENT_LIMITS}. */
export type SegmentFault = "cycle" | "too_deep" | "too_large";

/** Segments in an order in which each comes after those that it names. */
export interface SegmentOrder {
  /** Keys of all segments that can be used. */
  readonly usable: readonly string[];
  readonly faults: ReadonlyMap<string, SegmentFault>;
  /** How many clauses each usable segment has, by its key: see {@link countClauses}. */
  readonly clauses: ReadonlyMap<string, number>;
}

/** Puts segments in order. Names of segments that are not there are passed over. Linear in the size of the rules. */
export function orderSegments(rules: SegmentRules): SegmentOrder {
  const { placed, left } = placeSegments(rules);
  const depths = new Map<string, number>();
  const clauses = new Map<string, number>();
  const faults = new Map<string, SegmentFault>();
  for (const key of placed) {
    const rule = rules.get(key) ?? null;
    const depth = 1 + Math.max(0, ...new Set(segmentsNamedIn(rule).map((named) => depths.get(named) ?? 0)));
    const count = countClauses(rule, clauses);
    depths.set(key, depth);
    clauses.set(key, count);
    if (depth > SEGMENT_LIMITS.depth) faults.set(key, "too_deep");
    else if (count > SEGMENT_LIMITS.clauses) faults.set(key, "too_large");
  }
  for (const key of left) faults.set(key, "cycle");
  for (const key of faults.keys()) clauses.delete(key);
  return { usable: placed.filter((key) => !faults.has(key)), faults, clauses };
}

/**
 * How many clauses a rule comes to when those of the segments that it names are counted, each as often as it is named.
 *
 * @param segments the same count of each segment; one that is not there counts as one clause
 */
export function countClauses(rule: Rule | null, segments: ReadonlyMap<string, number>): number {
  return clausesOf(rule).reduce(
    (sum, clause) => sum + ((clause.kind === "segment" ? segments.get(clause.key) : undefined) ?? 1),
    0,
  );
}

/**
 * A circle of segments that name each other, from a segment around to itself: `["a", "b", "a"]`. `undefined` when there is
 * none. Linear in the size of the rules.
 */
export function findSegmentCycle(rules: SegmentRules): readonly string[] | undefined {
  const { left } = placeSegments(rules);
  /** Segments on the way, each with its place. */
  const way = new Map<string, number>();
  let [key] = left;
  // Each segment that is left names another one that is left, so the way along them comes around.
  while (key !== undefined) {
    const start = way.get(key);
    if (start !== undefined) return [...[...way.keys()].slice(start), key];
    way.set(key, way.size);
    key = segmentsNamedIn(rules.get(key) ?? null).find((named) => left.has(named));
  }
  return undefined;
}

/** Takes one segment after the other whose named ones have all been taken; what is left rests on a circle. */
function placeSegments(rules: SegmentRules): {
  readonly placed: readonly string[];
  readonly left: ReadonlySet<string>;
} {
  const waitingFor = new Map<string, number>();
  const namedBy = new Map<string, string[]>();
  for (const [key, rule] of rules) {
    const named = new Set(segmentsNamedIn(rule).filter((each) => rules.has(each)));
    waitingFor.set(key, named.size);
    for (const each of named) {
      const users = namedBy.get(each);
      if (users === undefined) namedBy.set(each, [key]);
      else users.push(key);
    }
  }
  const placed = [...rules.keys()].filter((key) => waitingFor.get(key) === 0);
  // Grows while it is walked.
  for (const key of placed) {
    for (const user of namedBy.get(key) ?? []) {
      const missing = (waitingFor.get(user) ?? 0) - 1;
      waitingFor.set(user, missing);
      if (missing === 0) placed.push(user);
    }
  }
  const left = new Set(rules.keys());
  for (const key of placed) left.delete(key);
  return { placed, left };
}

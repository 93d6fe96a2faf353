import type { AttributeClause, RuleClause } from "@lotty/domain";
import { formatPath } from "./attribute-path.ts";
import { isAttributeFact, type AttributeFact, type Fact, type SegmentFact } from "./facts.ts";
import { ValueConstraints } from "./value-constraints.ts";

/** Ancestors of a path that are looked at; attributes do not nest deeper. */
const MAX_DEPTH = 20;

/**
 * Finds facts about one attribute or one segment that cannot all be so. Sound: what it reports holds for no subject at all. Not
 * complete: it knows nothing about lists, patterns and facts about several attributes.
 *
 * @returns the condition that first makes it impossible, or `undefined`
 */
export function findContradiction(facts: readonly Fact[]): RuleClause | undefined {
  const onAttributes = facts.filter(isAttributeFact);
  const onSegments = facts.filter((fact): fact is SegmentFact => !isAttributeFact(fact));
  return attributeConflict(onAttributes) ?? segmentConflict(onSegments);
}

/** A segment that the subject would have to be in and not be in. */
function segmentConflict(facts: readonly SegmentFact[]): RuleClause | undefined {
  const first = new Map<string, boolean>();
  for (const { clause, holds } of facts) {
    const inside = holds !== clause.negated;
    const known = first.get(clause.key) ?? inside;
    if (known !== inside) return clause;
    first.set(clause.key, known);
  }
  return undefined;
}

function attributeConflict(facts: readonly AttributeFact[]): RuleClause | undefined {
  const byPath = Map.groupBy(facts, ({ clause }) => formatPath(clause.path));
  const absent = new Set<string>();
  for (const [name, group] of byPath) {
    if (group.some(({ clause, holds }) => clause.kind === "exists" && !holds)) absent.add(name);
  }
  for (const group of byPath.values()) {
    const conflict = conflictIn(group, absent);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

function conflictIn(group: readonly AttributeFact[], absent: ReadonlySet<string>): RuleClause | undefined {
  // A missing attribute makes every test false, so only a test that has to be true asks for the attribute.
  const present = group.find(({ holds }) => holds);
  if (present === undefined) return undefined;
  if (absent.size > 0 && isAbsent(present.clause, absent)) return present.clause;
  if (possible(group)) return undefined;
  // Fewer facts are never less possible, so the first impossible prefix can be searched for by halves.
  let low = 1;
  let high = group.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (possible(group.slice(0, middle))) low = middle + 1;
    else high = middle;
  }
  return group[low - 1]?.clause;
}

function isAbsent({ path }: AttributeClause, absent: ReadonlySet<string>): boolean {
  const depth = Math.min(path.length, MAX_DEPTH);
  for (let length = 1; length <= depth; length += 1) {
    if (absent.has(formatPath(path.slice(0, length)))) return true;
  }
  return false;
}

/** Whether some value, as far as can be told, makes all facts so for a subject that has the attribute. */
function possible(facts: readonly AttributeFact[]): boolean {
  return new ValueConstraints(facts).possible;
}

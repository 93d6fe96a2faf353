import {
  findSegmentCycle,
  orderSegments,
  SEGMENT_LIMITS,
  segmentsNamedIn,
  type Configuration,
  type Rule,
  type Segment,
} from "@lotty/domain";
import { parse } from "@lotty/dsl";
import { keyFault } from "../key-fault.ts";
import type { Refusal } from "../refusal.ts";

/** All that is wrong with a segment among the others. Linear in the rules of all segments. */
export function segmentRefusals(segment: Segment, { segments }: Configuration): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const fault = keyFault(segment.key);
  if (fault !== undefined) refusals.push(invalid("key", fault));
  const others = segments.filter(({ id }) => id !== segment.id);
  if (others.some(({ key }) => key === segment.key)) {
    refusals.push({ code: "key_taken", message: `Another segment is called ${segment.key}.`, key: segment.key });
  }
  const parsed = parse(segment.rule);
  if (!parsed.ok) return [...refusals, invalid("rule", parsed.diagnostics[0]?.message ?? "The rule cannot be read.")];
  const all = [...others, segment];
  const known = new Set(all.map(({ key }) => key));
  for (const key of segmentsNamedIn(parsed.rule)) {
    if (!known.has(key)) refusals.push(invalid("rule", `There is no segment ${key}.`));
  }
  return [...refusals, ...nestingRefusals(all)];
}

/** Keys of what asks for a segment: other segments, flags, and experiments that are not over. */
export function usersOfSegment(segment: Segment, { segments, flags, experiments }: Configuration): readonly string[] {
  const names = (text: string | null): boolean => {
    const parsed = parse(text);
    return parsed.ok && segmentsNamedIn(parsed.rule).includes(segment.key);
  };
  const open = experiments.filter(({ status }) => !["completed", "archived", "rejected"].includes(status));
  return [
    ...segments.filter(({ id, rule }) => id !== segment.id && names(rule)).map(({ key }) => key),
    ...flags.filter(({ rules }) => rules.some(({ targetingRules }) => names(targetingRules))).map(({ key }) => key),
    ...open.filter(({ targetingRules }) => names(targetingRules)).map(({ key }) => key),
  ];
}

function nestingRefusals(segments: readonly Segment[]): readonly Refusal[] {
  const rules = new Map<string, Rule | null>();
  for (const { key, rule } of segments) {
    const parsed = parse(rule);
    if (parsed.ok) rules.set(key, parsed.rule);
  }
  const cycle = findSegmentCycle(rules);
  if (cycle !== undefined) return [invalid("rule", `Segments name each other in a circle: ${cycle.join(" → ")}.`)];
  return [...orderSegments(rules).faults].map(([key]) =>
    invalid(
      "rule",
      `${key} builds on too much: at most ${SEGMENT_LIMITS.depth} deep, ${SEGMENT_LIMITS.clauses} conditions.`,
    ),
  );
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}

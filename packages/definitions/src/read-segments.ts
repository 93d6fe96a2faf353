import { findSegmentCycle, orderSegments, type Rule } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import type { SegmentDefinition } from "./definitions.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readTargeting, type KnownSegments } from "./read-targeting.ts";
import { SEGMENT_FAULTS } from "./segment-faults.ts";

/** The segments of a file. */
export interface SegmentsReading extends KnownSegments {
  readonly definitions: readonly SegmentDefinition[];
}

const NONE: SegmentsReading = { definitions: [], keys: new Set(), clauses: new Map() };

/** Reads `segments`: rules by name, which may name each other in any order but not in a circle. */
export function readSegments(reader: NodeReader, section: Located | undefined, text: string): SegmentsReading {
  const entries = section && reader.entries(section);
  if (entries === undefined) return NONE;
  const keys = new Set(entries.keys());
  const places = new Map<string, Located>();
  const definitions: SegmentDefinition[] = [];
  for (const [key, entry] of entries) {
    if (reader.problems.full) break;
    const place: Located = { node: entry.key ?? null, place: entry.key, path: entry.path };
    const name = reader.name(place);
    // What a segment may name is judged as a whole below; sizes are not known before.
    const rule = readTargeting(reader, entry, { text, segments: { keys, clauses: new Map() } });
    if (rule === null) reader.reject(place, "must be a rule, not empty");
    if (name === undefined || rule === undefined || rule === null) continue;
    places.set(key, place);
    definitions.push({ key, rule });
  }
  return { definitions, keys, clauses: checkOrder(reader, definitions, places) };
}

function checkOrder(
  reader: NodeReader,
  definitions: readonly SegmentDefinition[],
  places: ReadonlyMap<string, Located>,
): ReadonlyMap<string, number> {
  const rules = new Map<string, Rule | null>();
  for (const { key, rule } of definitions) {
    const parsed = parseRule(rule);
    if (parsed.ok) rules.set(key, parsed.rule);
  }
  const { clauses, faults } = orderSegments(rules);
  for (const [key, fault] of faults) {
    const place = places.get(key);
    if (fault !== "cycle" && place !== undefined) reader.reject(place, `the segment ${SEGMENT_FAULTS[fault]}`);
  }
  for (let cycle = findSegmentCycle(rules); cycle !== undefined; cycle = findSegmentCycle(rules)) {
    const place = places.get(cycle[0] ?? "");
    const way = cycle.map((key) => `\`${key}\``).join(" → ");
    if (place !== undefined) reader.reject(place, `segments name each other in a circle: ${way}`);
    for (const key of cycle) rules.delete(key);
    if (reader.problems.full) break;
  }
  return clauses;
}

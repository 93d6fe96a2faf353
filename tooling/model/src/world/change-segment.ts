import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { ModelDefinitions } from "../oracle/configuration.ts";
import { segmentsOf } from "../oracle/rule.ts";
import type { DefinitionsChange } from "./definitions-change.ts";
import { LASTING_SEGMENTS, PASSING_SEGMENT, randomSegment } from "./first-definitions.ts";

/** A segment takes other subjects; one of them comes, and goes when nobody asks for it. */
export function changeSegment(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const key = random.pick([...LASTING_SEGMENTS, PASSING_SEGMENT]);
  const others = definitions.segments.filter((segment) => segment.key !== key);
  const there = others.length < definitions.segments.length;
  if (key === PASSING_SEGMENT && there && !isAskedFor(definitions, key)) {
    return { definitions: { ...definitions, segments: others }, what: `the segment ${key} goes` };
  }
  const changed = randomSegment(key, random);
  const segments = there
    ? definitions.segments.map((segment) => (segment.key === key ? changed : segment))
    : [...others, changed];
  return { definitions: { ...definitions, segments }, what: `the segment ${key} ${there ? "changes" : "comes"}` };
}

function isAskedFor({ experiments, flags, segments }: ModelDefinitions, key: string): boolean {
  const rules = [...experiments, ...flags.flatMap((flag) => flag.rules ?? [])].map(({ rule }) => rule);
  return rules.some((rule) => segmentsOf(rule, segments).includes(key));
}

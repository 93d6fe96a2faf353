import { countClauses, SEGMENT_LIMITS, segmentsNamedIn, type Rule } from "@lotty/domain";
import { check, parse, type Diagnostic } from "@lotty/dsl";
import { isScalar } from "yaml";
import type { Located, NodeReader } from "./node-reader.ts";
import { scalarOffsets } from "./scalar-offsets.ts";

/** The segments that rules of a file may name. */
export interface KnownSegments {
  readonly keys: ReadonlySet<string>;
  /** How many clauses each comes to, where that is known. */
  readonly clauses: ReadonlyMap<string, number>;
}

/** What rules are read in: the file's text and its segments. */
export interface RuleSurroundings {
  readonly text: string;
  readonly segments: KnownSegments;
}

/**
 * Reads a targeting rule. Faults and doubtful parts of the rule are reported at their own place in the file, whatever
 * the YAML style.
 */
export function readTargeting(
  reader: NodeReader,
  value: Located,
  { text, segments }: RuleSurroundings,
): string | null | undefined {
  if (value.node === null || (isScalar(value.node) && value.node.value === null)) return null;
  const rule = reader.text(value);
  if (rule === undefined) return undefined;
  const parsed = parse(rule);
  const placeOf = isScalar(value.node) ? scalarOffsets(value.node, text) : undefined;
  const diagnostics = parsed.ok ? check(parsed, undefined, segments.keys) : parsed.diagnostics;
  for (const diagnostic of diagnostics) {
    const { message, hint, range } = diagnostic;
    const place = placeOf?.(range.start.offset) ?? value.place;
    if (isProblem(diagnostic)) reader.problems.add(place, value.path, { message, hint });
    else reader.problems.warn(place, value.path, { message, hint });
  }
  if (!parsed.ok || diagnostics.some(isProblem)) return undefined;
  return isTooLarge(parsed.rule, segments) ? reader.reject(value, TOO_LARGE) : rule;
}

const TOO_LARGE = `has more than ${SEGMENT_LIMITS.clauses} conditions, those of its segments included`;

/** References that lead nowhere are problems in a file, which is complete in itself. */
function isProblem({ code, severity }: Diagnostic): boolean {
  return severity === "error" || code === "unknown_segment";
}

function isTooLarge(rule: Rule | null, { clauses }: KnownSegments): boolean {
  return segmentsNamedIn(rule).length > 0 && countClauses(rule, clauses) > SEGMENT_LIMITS.clauses;
}

import { check, parse } from "@lotty/dsl";
import { isScalar } from "yaml";
import type { Located, NodeReader } from "./node-reader.ts";
import { scalarOffsets } from "./scalar-offsets.ts";

/**
 * Reads a targeting rule. Faults and doubtful parts of the rule are reported at their own place in the file, whatever
 * the YAML style.
 */
export function readTargeting(reader: NodeReader, value: Located, text: string): string | null | undefined {
  if (value.node === null || (isScalar(value.node) && value.node.value === null)) return null;
  const rule = reader.text(value);
  if (rule === undefined) return undefined;
  const parsed = parse(rule);
  const placeOf = isScalar(value.node) ? scalarOffsets(value.node, text) : undefined;
  for (const { message, hint, range } of parsed.ok ? check(parsed) : parsed.diagnostics) {
    const place = placeOf?.(range.start.offset) ?? value.place;
    if (parsed.ok) reader.problems.warn(place, value.path, { message, hint });
    else reader.problems.add(place, value.path, { message, hint });
  }
  return parsed.ok ? rule : undefined;
}

import { isScalar } from "yaml";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Located, NodeReader } from "./node-reader.ts";

/** Reads a text for people that may be left out; `null` when it is. */
export function readText(reader: NodeReader, value: Located | undefined, maxLength: number): string | null | undefined {
  if (value === undefined || isNothing(value)) return null;
  const text = reader.text(value);
  if (text === undefined) return undefined;
  if (text.includes("\0") || !text.isWellFormed()) return reader.reject(value, "must be valid Unicode without NUL");
  if (text.length <= maxLength) return text;
  return reader.reject(value, `must have at most ${maxLength} characters`);
}

/** Reads a list of names, each of which is there once. */
export function readNames(reader: NodeReader, value: Located): readonly string[] | undefined {
  const items = reader.items(value);
  if (items === undefined) return undefined;
  if (items.length > DEFINITION_LIMITS.maxPeople) {
    return reader.reject(value, `has more than ${DEFINITION_LIMITS.maxPeople} elements`);
  }
  const seen = new Set<string>();
  const names = items.map((item) => {
    const name = reader.name(item);
    if (name === undefined) return undefined;
    if (seen.has(name)) return reader.reject(item, `\`${name}\` is in this list already`);
    seen.add(name);
    return name;
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

function isNothing({ node }: Located): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

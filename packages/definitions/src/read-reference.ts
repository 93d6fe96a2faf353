import { closestName } from "./closest-name.ts";
import type { Located, NodeReader } from "./node-reader.ts";

/** What a reference may lead to. */
export interface ReferenceTarget {
  /** Keys of what the file states. */
  readonly known: ReadonlySet<string>;
  /** What it is, for people. */
  readonly noun: string;
  /** Where the file states such things. */
  readonly section: string;
}

/** Reads the key of something that the same file states. */
export function readReference(
  reader: NodeReader,
  value: Located,
  { known, noun, section }: ReferenceTarget,
): string | undefined {
  const key = reader.name(value);
  if (key === undefined || known.has(key)) return key;
  const meant = closestName(key, known);
  const hint = meant === undefined ? `state it under \`${section}\` in this file` : `did you mean \`${meant}\`?`;
  return reader.reject(value, `there is no ${noun} \`${key}\` in this file`, hint);
}

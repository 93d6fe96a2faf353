import type { JsonValue } from "@lotty/domain";

/** What definitions are about. */
export const DEFINITION_KINDS = [
  "flag",
  "experiment",
  "domain",
  "segment",
  "approver_group",
  "event_type",
  "metric",
  "analysis_plan",
  "guardrail",
  "notification_rule",
] as const;

/** One of {@link DEFINITION_KINDS}. */
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

/** A field that has another content in the file than in the store. Texts are printed as a file would state them. */
export interface FieldDifference {
  /** Name as in a file; fields of rules, variants and members as in `variants.blue.weight`. */
  readonly field: string;
  /** `undefined` when it is new. */
  readonly from: JsonValue | undefined;
  /** `undefined` when it goes. */
  readonly to: JsonValue | undefined;
}

/** How one thing in the file differs from the store. */
export type Difference = { readonly kind: DefinitionKind; readonly key: string } & (
  | { readonly action: "added" | "removed" }
  /** Stored, not in the file, and left alone. */
  | { readonly action: "kept" }
  | { readonly action: "changed"; readonly fields: readonly FieldDifference[] }
);

/** Compares two records field by field. Order of names does not matter; order in lists does. */
export function fieldDifferences(
  from: Readonly<Record<string, JsonValue>>,
  to: Readonly<Record<string, JsonValue>>,
): readonly FieldDifference[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names
    .map((field) => ({ field, from: own(from, field), to: own(to, field) }))
    .filter((difference) => !sameJson(difference.from, difference.to));
}

function own(record: Readonly<Record<string, JsonValue>>, name: string): JsonValue | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether two JSON values are the same, whatever the order of names in objects. */
export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const [leftIsList, rightIsList] = [Array.isArray(left), Array.isArray(right)];
  if (leftIsList !== rightIsList) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  const [leftEntries, rightEntries] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  return names.every((name) => rightEntries.has(name) && sameJson(leftEntries.get(name), rightEntries.get(name)));
}

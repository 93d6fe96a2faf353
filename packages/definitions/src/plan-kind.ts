import type { ComparableFields } from "./comparable-fields.ts";
import { type DefinitionKind, type Difference, fieldDifferences } from "./difference.ts";

/** The things of one kind in the file and in the store, and how to compare and build them. */
export interface KindToPlan<Wanted, Stored> {
  readonly kind: DefinitionKind;
  readonly wanted: readonly Wanted[];
  readonly stored: readonly Stored[];
  readonly prune: boolean;
  readonly fields: (definition: Wanted) => ComparableFields;
  readonly describe: (stored: Stored) => Wanted;
  readonly build: (wanted: Wanted, stored: Stored | undefined) => Stored;
}

/** What is to be done with the things of one kind. */
export interface KindPlan<Wanted, Stored> {
  /** New and changed records. */
  readonly put: readonly Stored[];
  /** The same with what the file says and what was stored. */
  readonly writes: readonly KindWrite<Wanted, Stored>[];
  /** Stored things that the file does not state. */
  readonly rest: readonly Stored[];
  /** Ids, new ones included, of everything the file states. */
  readonly idByKey: ReadonlyMap<string, string>;
  readonly summary: readonly Difference[];
}

/** One new or changed record. */
export interface KindWrite<Wanted, Stored> {
  readonly wanted: Wanted;
  /** `undefined` for a new one. */
  readonly before: Stored | undefined;
  readonly record: Stored;
}

interface Identified {
  readonly id: string;
  readonly key: string;
}

/** Matches the things of one kind by key and compares them. */
export function planKind<Wanted extends { readonly key: string }, Stored extends Identified>(
  given: KindToPlan<Wanted, Stored>,
): KindPlan<Wanted, Stored> {
  const { kind, fields, describe } = given;
  const storedByKey = new Map(given.stored.map((stored) => [stored.key, stored]));
  const wantedKeys = new Set(given.wanted.map((wanted) => wanted.key));
  const writes: KindWrite<Wanted, Stored>[] = [];
  const summary: Difference[] = [];
  const idByKey = new Map<string, string>();

  for (const wanted of given.wanted) {
    const { key } = wanted;
    const stored = storedByKey.get(key);
    const changes = stored && fieldDifferences(fields(describe(stored)), fields(wanted));
    if (stored !== undefined && changes?.length === 0) {
      idByKey.set(key, stored.id);
      continue;
    }
    const record = given.build(wanted, stored);
    idByKey.set(key, record.id);
    writes.push({ wanted, before: stored, record });
    summary.push(
      changes === undefined ? { kind, key, action: "added" } : { kind, key, action: "changed", fields: changes },
    );
  }

  const rest = given.stored.filter((stored) => !wantedKeys.has(stored.key));
  const action = given.prune ? "removed" : "kept";
  const put = writes.map(({ record }) => record);
  const restSummary = rest.map(({ key }) => ({ kind, key, action }) as const);
  return { put, writes, rest, idByKey, summary: [...summary, ...restSummary] };
}

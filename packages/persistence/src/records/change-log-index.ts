import { isRecord } from "../last-good/configuration-guards.ts";
import type { SqlRow } from "../sql/sql-pool.ts";

/** The kinds of records that the change log speaks of. */
export type RecordKind = "flags" | "experiments" | "domains" | "segments";

/** Which version of each record was in place at some revision: the revision that wrote it, by the record's id. */
export type VersionsInPlace = Readonly<Record<RecordKind, ReadonlyMap<string, number>>>;

/** What was in place, and what went. */
export interface ChangeLogIndex {
  readonly versions: VersionsInPlace;
  /** Revisions at which each experiment was removed: with it went its memberships in domains. */
  readonly removedExperiments: ReadonlyMap<string, number>;
}

/** Reads rows of the change log, oldest first, in the order in which a change is written. */
export function indexChangeLog(rows: readonly SqlRow[]): ChangeLogIndex {
  const versions = {
    flags: new Map(),
    experiments: new Map(),
    domains: new Map(),
    segments: new Map(),
  } satisfies Record<RecordKind, Map<string, number>>;
  const removedExperiments = new Map<string, number>();
  for (const row of rows) {
    const revision = Number(row["revision"]);
    const idsOf = (name: string): readonly string[] => idsUnder(row["changes"], name);
    const remove = (kind: RecordKind): void => idsOf(`remove_${kind}`).forEach((id) => versions[kind].delete(id));
    const put = (kind: RecordKind): void => idsOf(`put_${kind}`).forEach((id) => versions[kind].set(id, revision));
    for (const id of idsOf("remove_experiments")) removedExperiments.set(id, revision);
    remove("domains");
    remove("experiments");
    remove("segments");
    put("segments");
    put("flags");
    put("experiments");
    put("domains");
    // A flag goes last, because its experiments may have moved to another; the same change never puts it as well.
    remove("flags");
  }
  return { versions, removedExperiments };
}

function idsUnder(changes: unknown, name: string): readonly string[] {
  const ids = isRecord(changes) ? changes[name] : undefined;
  return Array.isArray(ids) ? ids.map(String) : [];
}

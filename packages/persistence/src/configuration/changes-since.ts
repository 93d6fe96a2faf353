import type { Instant } from "@lotty/domain";
import type { Knex } from "knex";
import { isRecord } from "../last-good/configuration-guards.ts";
import { microsOf } from "../sql/instant-sql.ts";

/** A revision of an environment, by which it can be told whether the log goes on from there. */
export interface RevisionMark {
  readonly revision: number;
  /** When the revision was written. One that was written anew, in a database that was restored, has another time. */
  readonly changedAt: Instant | null;
}

/** Ids of the records that were written or removed since a revision. Some may be gone again, or there again. */
export interface TouchedRecords {
  readonly flags: ReadonlySet<string>;
  readonly experiments: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
  /** Experiments that were removed at some time: with each went its memberships in domains. */
  readonly removedExperiments: ReadonlySet<string>;
}

/** Beyond so many revisions or records, reading everything is the shorter way. */
const MAX_REVISIONS = 200;
const MAX_RECORDS = 1_000;

const FIELD = /^(put|remove)_(flags|experiments|domains|segments)$/;

/** The current revision of an environment with its time; revision 0 when there is none. */
export async function readRevisionMark(knex: Knex, environmentId: string): Promise<RevisionMark> {
  const row = await knex<{ revision: number; changed_at: Instant | null }>("environments AS e")
    .leftJoin("change_log AS c", (join) => join.on("c.environment_id", "e.id").andOn("c.revision", "e.revision"))
    .where("e.id", environmentId)
    .first<{ revision: number; changed_at: Instant | null } | undefined>(
      "e.revision",
      knex.raw(`${microsOf("c.changed_at")} AS changed_at`),
    );
  return { revision: row?.revision ?? 0, changedAt: row?.changed_at ?? null };
}

/**
 * What the change log says was touched between two revisions; `undefined` when it does not tell: the log does not reach back, is
 * not the one that the earlier revision came from, names kinds of records that this version does not know, or too many.
 */
export async function readTouched(
  knex: Knex,
  environmentId: string,
  { after, until }: { readonly after: RevisionMark; readonly until: RevisionMark },
): Promise<TouchedRecords | undefined> {
  const revisions = until.revision - after.revision;
  if (after.changedAt === null || revisions < 0 || revisions > MAX_REVISIONS) return undefined;
  const rows: { revision: number; changed_at: Instant; changes: unknown }[] = await knex("change_log")
    .where({ environment_id: environmentId })
    .whereBetween("revision", [after.revision, until.revision])
    .select("revision", "changes", knex.raw(`${microsOf("changed_at")} AS changed_at`))
    .orderBy("revision");
  const [first, ...since] = rows;
  const goesOn = first?.revision === after.revision && first.changed_at === after.changedAt;
  if (!goesOn || since.length !== revisions) return undefined;
  return collect(since.map(({ changes }) => changes));
}

function collect(all: readonly unknown[]): TouchedRecords | undefined {
  const touched = {
    flags: new Set<string>(),
    experiments: new Set<string>(),
    domains: new Set<string>(),
    segments: new Set<string>(),
  };
  const removedExperiments = new Set<string>();
  for (const changes of all) {
    if (!isRecord(changes)) return undefined;
    for (const [field, ids] of Object.entries(changes)) {
      const [, verb, kind] = FIELD.exec(field) ?? [];
      if (!isKind(kind, touched) || !Array.isArray(ids)) return undefined;
      for (const id of ids) touched[kind].add(String(id));
      if (verb === "remove" && kind === "experiments") for (const id of ids) removedExperiments.add(String(id));
    }
  }
  const count = Object.values(touched).reduce((sum, { size }) => sum + size, 0);
  return count > MAX_RECORDS ? undefined : { ...touched, removedExperiments };
}

function isKind<Kind extends string>(kind: string | undefined, among: Readonly<Record<Kind, unknown>>): kind is Kind {
  return kind !== undefined && Object.hasOwn(among, kind);
}

import {
  DEFAULT_ENVIRONMENT_ID,
  ENVIRONMENTS_NOTICE_ID,
  flagElsewhere,
  type AuditLink,
  type Environment,
  type EnvironmentRemoval,
  type EnvironmentStore,
  type Flag,
  type Instant,
} from "@lotty/domain";
import type { Knex } from "knex";
import { flagColumns, toFlag, type FlagRow } from "../configuration/configuration-rows.ts";
import { endRevision } from "../configuration/end-revision.ts";
import { lockRevisions } from "../configuration/lock-revisions.ts";
import { putFlags } from "../configuration/write-flags.ts";
import { guarded } from "../database-error.ts";
import { CHANGE_CHANNEL, encodeNotice } from "../notices/change-channel.ts";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { appendToChain, guardedWithChain } from "./audit-chain.ts";
import { emptyEnvironment } from "./empty-environment.ts";
import { instantOrNull } from "./written-values.ts";

interface StoredEnvironment {
  readonly id: string;
  readonly key: string;
  readonly created_at: Instant;
  readonly archived_at: Instant | null;
}

/** What tells that an environment is needed: decisions and events of it, and keys that work in it. */
const IN_USE = `
SELECT EXISTS (SELECT 1 FROM decisions WHERE environment_id = :id)
  OR EXISTS (SELECT 1 FROM assignments WHERE environment_id = :id)
  OR EXISTS (SELECT 1 FROM events WHERE environment_id = :id)
  OR EXISTS (SELECT 1 FROM api_keys WHERE environment_id = :id AND revoked_at IS NULL) AS in_use`;

/** Keeps environments in Postgres or PGlite. */
export class PgEnvironmentStore implements EnvironmentStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  environments(): Promise<readonly Environment[]> {
    return guarded(async () => {
      const rows: StoredEnvironment[] = await this.#knex("environments")
        .select("id", this.#knex.raw(exactText("key")))
        .select(["created_at", "archived_at"].map((column) => this.#knex.raw(`${microsOf(column)} AS ${column}`)))
        .orderBy("environments.key");
      return rows.map(toEnvironment);
    });
  }

  addEnvironment(environment: Environment, audit: AuditLink): Promise<boolean> {
    return this.#change(audit, async (knex) => {
      const { archivedAt, createdAt, id, key } = environment;
      // Whoever writes flags waits, so that the new environment has all that there are.
      await lockRevisions(knex, { expected: new Map(), all: true });
      const row = { created_at: instantOrNull(knex, createdAt), archived_at: instantOrNull(knex, archivedAt) };
      const added: unknown[] = await knex("environments")
        .insert({ id, key, ...row })
        .onConflict("key")
        .ignore()
        .returning("id");
      if (added.length === 0) return false;
      const rows: FlagRow[] = await knex("flags")
        .where({ environment_id: DEFAULT_ENVIRONMENT_ID })
        .select(...flagColumns(knex));
      const flagsThere = rows.flatMap((flag) => flagElsewhere(toFlag(flag), undefined, false) ?? []);
      if (flagsThere.length > 0) await writeFirstRevision(knex, id, flagsThere);
      return true;
    });
  }

  putEnvironment({ archivedAt, id }: Environment, audit: AuditLink): Promise<boolean> {
    return this.#change(audit, async (knex) => {
      const row = { archived_at: instantOrNull(knex, archivedAt) };
      return (await knex("environments").where({ id }).update(row)) === 1;
    });
  }

  async removeEnvironment(id: string, audit: AuditLink): Promise<EnvironmentRemoval> {
    let inUse = false;
    const removed = await this.#change(audit, async (knex) => {
      const revisions = await lockRevisions(knex, { expected: new Map(), all: true });
      if (!revisions.has(id)) return false;
      const { rows } = await knex.raw<{ rows: readonly { readonly in_use: boolean }[] }>(IN_USE, { id });
      inUse = rows[0]?.in_use === true;
      if (inUse) return false;
      await emptyEnvironment(knex, id);
      await knex("environments").where({ id }).del();
      return true;
    });
    return removed ? "done" : inUse ? "in_use" : "not_found";
  }

  /** Puts on record and tells what was changed, if it was. */
  #change(audit: AuditLink, work: (knex: Knex) => Promise<boolean>): Promise<boolean> {
    return guardedWithChain(() =>
      this.#knex.transaction(async (knex) => {
        if (!(await work(knex))) return false;
        const notice = encodeNotice({ environmentId: ENVIRONMENTS_NOTICE_ID, revision: 0 });
        await knex.raw("SELECT pg_notify(?, ?)", [CHANGE_CHANNEL, notice]);
        await appendToChain(knex, audit);
        return true;
      }),
    );
  }
}

async function writeFirstRevision(knex: Knex, environmentId: string, flags: readonly Flag[]): Promise<void> {
  const scope = { knex, environmentId, revision: 1 };
  await putFlags(scope, flags);
  await endRevision(scope, { putFlags: flags });
}

function toEnvironment(row: StoredEnvironment): Environment {
  return { id: row.id, key: row.key, createdAt: row.created_at, archivedAt: row.archived_at };
}

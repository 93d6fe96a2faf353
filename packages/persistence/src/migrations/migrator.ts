import { LottyError } from "@lotty/domain";
import type { Knex } from "knex";
import { MIGRATIONS } from "./migration-list.ts";
import type { Migration } from "./migration.ts";

/** What of the schema a database has. */
export interface SchemaState {
  /** Last step that was applied; `null` for an empty database. */
  readonly current: string | null;
  /** Steps of this version that the database lacks. */
  readonly pending: readonly string[];
  /** Steps in the database that this version does not know: it was migrated by a newer one. */
  readonly unknown: readonly string[];
}

const TABLE = "lotty_migrations";

/** Any number that nobody else in the database takes a lock on. */
const MIGRATION_LOCK = 5_402_217_863_115_921;

const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) =>
    Promise.resolve({
      up: async (knex: Knex): Promise<void> => {
        await knex.raw(migration.sql);
      },
      // Knex insists on a way back; going back would drop data.
      down: () => Promise.reject(new LottyError("internal", "The schema never goes back")),
    }),
};

/**
 * Brings the schema up to this version. Everything happens in one transaction under a lock of the database: rivals wait and
 * then find nothing to do, and a process that dies half way leaves nothing behind.
 *
 * @returns the names of the steps that were applied
 * @throws LottyError `schema_mismatch` when the database has steps that this version does not know
 */
export function migrate(knex: Knex): Promise<readonly string[]> {
  return knex.transaction(async (transaction) => {
    await transaction.raw(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const { pending, unknown } = await schemaState(transaction);
    refuseUnknown(unknown);
    // Every decision queues up behind a wait for a table lock, so it must be short; whoever fails tries again.
    await transaction.raw("SET LOCAL lock_timeout = '1s'");
    await transaction.migrate.latest({ tableName: TABLE, migrationSource });
    return pending;
  });
}

/** Compares the database with this version, without changing anything. */
export async function schemaState(knex: Knex): Promise<SchemaState> {
  const applied = await appliedSteps(knex);
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const present = new Set(applied);
  return {
    current: applied.at(-1) ?? null,
    pending: MIGRATIONS.filter(({ name }) => !present.has(name)).map(({ name }) => name),
    unknown: applied.filter((name) => !known.has(name)),
  };
}

async function appliedSteps(knex: Knex): Promise<readonly string[]> {
  if (!(await knex.schema.hasTable(TABLE))) return [];
  return knex<{ id: number; name: string }>(TABLE).orderBy("id").pluck("name");
}

function refuseUnknown(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new LottyError("schema_mismatch", "The database was migrated by a newer version of Lotty", {
    details: { unknown },
  });
}

import type { Knex } from "knex";

/** Tables whose rows belong to environments. */
const TABLES = `
SELECT c.oid::text AS id, c.relname AS name FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'environment_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname`;

/** Which table refers to which. */
const REFERENCES = `
SELECT conrelid::oid::text AS "from", confrelid::oid::text AS "to" FROM pg_constraint
WHERE contype = 'f' AND conrelid <> confrelid`;

const ROOT = "SELECT 'environments'::regclass::oid::text AS id, 'environments' AS name";

interface Table {
  readonly id: string;
  readonly name: string;
}

interface Reference {
  readonly from: string;
  readonly to: string;
}

/**
 * Removes everything that refers to an environment, by whatever detour and in whatever tables: what refers to others goes first.
 * Logs refer to nothing, and stay.
 */
export async function emptyEnvironment(knex: Knex, environmentId: string): Promise<void> {
  const [tables, references, root] = [
    await knex.raw<{ rows: readonly Table[] }>(TABLES),
    await knex.raw<{ rows: readonly Reference[] }>(REFERENCES),
    await knex.raw<{ rows: readonly Table[] }>(ROOT),
  ];
  const found = new Map<string, Table>();
  const visit = ({ id }: Table): void => {
    const children = new Set(references.rows.filter(({ to }) => to === id).map(({ from }) => from));
    for (const child of tables.rows) {
      if (!children.has(child.id) || found.has(child.id)) continue;
      visit(child);
      found.set(child.id, child);
    }
  };
  for (const each of root.rows) visit(each);
  for (const { name } of found.values()) await knex(name).where({ environment_id: environmentId }).del();
}

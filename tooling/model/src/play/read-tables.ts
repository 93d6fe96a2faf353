import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import type { Database, Rows } from "@lotty/faults/stage/database";
import type { EventRow } from "../check/count-events.ts";
import type { AssignmentRow, DecisionRow } from "../check/evidence.ts";
import { variantKey, type ModelIds } from "../oracle/configuration.ts";

/** Ids in one query. */
const IDS_AT_ONCE = 10_000;

const DECISION_COLUMNS = `decision_id AS id, (extract(epoch FROM decided_at) * 1000)::float8 AS at, subject_id AS subject,
  flag_key AS flag, reason, experiment_id AS experiment, variant_id AS variant, rule_id AS rule`;

/** Decisions of an environment with ids made at a moment (milliseconds since the epoch) or later. */
export async function decisionsSince(
  database: Database,
  environmentId: string,
  moment: number,
): Promise<readonly DecisionRow[]> {
  const rows = await database.query(
    `SELECT ${DECISION_COLUMNS} FROM decisions WHERE decision_id >= $1 AND environment_id = $2`,
    [firstIdOf(moment), environmentId],
  );
  return rows.map(toDecision);
}

/** Decisions of an environment with certain ids. */
export async function decisionsOf(
  database: Database,
  environmentId: string,
  ids: readonly string[],
): Promise<readonly DecisionRow[]> {
  const found: DecisionRow[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const rows = await database.query(
      `SELECT ${DECISION_COLUMNS} FROM decisions WHERE decision_id = ANY ($1::uuid[]) AND environment_id = $2`,
      [some, environmentId],
    );
    found.push(...rows.map(toDecision));
  }
  return found;
}

/** Assignments of some subjects in an environment. */
export async function assignmentsOf(
  database: Database,
  environmentId: string,
  subjects: readonly string[],
): Promise<readonly AssignmentRow[]> {
  const rows = await database.query(
    `SELECT subject_id AS subject, experiment_id AS experiment, variant_id AS variant,
       (extract(epoch FROM first_decided_at) * 1000)::float8 AS first,
       (extract(epoch FROM last_decided_at) * 1000)::float8 AS last
     FROM assignments WHERE subject_id = ANY ($1::text[]) AND environment_id = $2`,
    [subjects, environmentId],
  );
  return rows.map((row) => ({
    subject: String(row["subject"]),
    experimentId: String(row["experiment"]),
    variantId: String(row["variant"]),
    firstAt: Number(row["first"]),
    lastAt: Number(row["last"]),
  }));
}

/** All events of an environment. */
export async function eventsIn(database: Database, environmentId: string): Promise<readonly EventRow[]> {
  const rows = await database.query(
    `SELECT event_id AS id, subject_id AS subject, value, (extract(epoch FROM occurred_at) * 1000)::float8 AS at
     FROM events WHERE environment_id = $1`,
    [environmentId],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    subject: String(row["subject"]),
    value: Number(row["value"]),
    at: Number(row["at"]),
  }));
}

/** The ids of environments by their keys. */
export async function environmentIds(database: Database): Promise<ReadonlyMap<string, string>> {
  return pairs(await database.query("SELECT key, id FROM environments"), ({ key }) => String(key));
}

/** Writes assignments in production as if they had been made before. */
export async function writePast(database: Database, past: readonly AssignmentRow[]): Promise<void> {
  await database.query(
    `INSERT INTO assignments (environment_id, subject_id, experiment_id, variant_id, first_decided_at, last_decided_at)
     SELECT $6, p.subject, p.experiment, p.variant, to_timestamp(p.first / 1000), to_timestamp(p.last / 1000)
     FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::float8[], $5::float8[]) AS p (subject, experiment, variant, first, last)`,
    [
      past.map(({ subject }) => subject),
      past.map(({ experimentId }) => experimentId),
      past.map(({ variantId }) => variantId),
      past.map(({ firstAt }) => firstAt),
      past.map(({ lastAt }) => lastAt),
      DEFAULT_ENVIRONMENT_ID,
    ],
  );
}

/** The ids of everything in an environment that has a name, as the tables have them now. */
export async function readIds(database: Database, environmentId: string): Promise<ModelIds> {
  const here = [environmentId];
  const experiments = await database.query("SELECT key, id FROM experiments WHERE environment_id = $1", here);
  const variants = await database.query(
    "SELECT e.key, v.name, v.id FROM variants v JOIN experiments e ON e.id = v.experiment_id WHERE e.environment_id = $1",
    here,
  );
  const domains = await database.query("SELECT key, id FROM conflict_domains WHERE environment_id = $1", here);
  return {
    experiments: pairs(experiments, ({ key }) => String(key)),
    variants: pairs(variants, ({ key, name }) => variantKey(String(key), String(name))),
    domains: pairs(domains, ({ key }) => String(key)),
  };
}

function pairs(rows: Rows, nameOf: (row: Rows[number]) => string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [nameOf(row), String(row["id"])]));
}

/** The smallest UUIDv7 of a moment. */
function firstIdOf(moment: number): string {
  const hex = Math.max(0, Math.floor(moment)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

function toDecision(row: Rows[number]): DecisionRow {
  return {
    id: String(row["id"]),
    decidedAt: Number(row["at"]),
    subject: String(row["subject"]),
    flag: String(row["flag"]),
    reason: String(row["reason"]),
    experimentId: textOrNull(row["experiment"]),
    variantId: textOrNull(row["variant"]),
    ruleId: textOrNull(row["rule"]),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

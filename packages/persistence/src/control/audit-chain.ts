import {
  EMPTY_AUDIT_HEAD,
  LottyError,
  type AuditedKind,
  type AuditEntry,
  type AuditHead,
  type AuditLink,
  type Instant,
  type JsonValue,
  type Logger,
} from "@lotty/domain";
import type { Knex } from "knex";
import { toDatabaseError } from "../database-error.ts";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { withKnexOn } from "../sql/knex-on.ts";
import { sqlState, type SqlConnection } from "../sql/sql-pool.ts";
import { checkEncodable, instantOrNull } from "./written-values.ts";

/** Any number that nobody else in the database takes a lock on. A lock of the table would take the right to change it. */
const CHAIN_LOCK = 5_402_217_863_115_923;

/** Constraints by which the table keeps the chain in one piece. */
const CHAIN_CONSTRAINTS: ReadonlySet<unknown> = new Set(["audit_log_pkey", "audit_log_previous_hash_key"]);

const UNIQUE_VIOLATION = "23505";

interface AuditRow {
  readonly sequence: number;
  readonly id: string;
  readonly micros: Instant;
  readonly environment_id: string | null;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly actor_kind: AuditEntry["actor"]["kind"];
  readonly came_from: string | null;
  readonly action: string;
  readonly entity_kind: AuditedKind;
  readonly entity_id: string;
  readonly entity_key: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly previous_hash: string;
  readonly hash: string;
}

/** That no entries could be made. Carries what went wrong past the translation of the database's errors. */
class LinkFailure extends Error {
  override readonly name = "LinkFailure";
}

/** Appends to the chain in a transaction of the caller's, on its connection; see {@link appendToChain}. */
export type ChainAppender = (connection: SqlConnection, link: AuditLink) => Promise<void>;

/** Makes an appender for whoever works without knex. */
export function chainAppender(logger: Logger): ChainAppender {
  return (connection, link) => withKnexOn(connection, logger, (knex) => appendToChain(knex, link));
}

/** Runs work that appends to the chain. Throws errors of the system, and what a link throws as it is. */
export async function guardedWithChain<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LinkFailure ? error.cause : toDatabaseError(error);
  }
}

/** The end of the chain. */
export async function readAuditHead(knex: Knex): Promise<AuditHead> {
  const last = await knex<AuditRow>("audit_log").orderBy("sequence", "desc").first("sequence", "hash");
  return last === undefined ? EMPTY_AUDIT_HEAD : { sequence: last.sequence, hash: last.hash };
}

/** Up to `count` entries after a place in the chain. */
export async function readAuditEntries(
  knex: Knex,
  afterSequence: number,
  count: number,
): Promise<readonly AuditEntry[]> {
  const rows: AuditRow[] = await knex("audit_log")
    .where("sequence", ">", afterSequence)
    .select("sequence", "id", "environment_id", "before", "after", "actor_kind")
    .select(["actor_id", "actor_name", "came_from", "action"].map((column) => knex.raw(exactText(column))))
    .select(["entity_kind", "entity_id", "entity_key"].map((column) => knex.raw(exactText(column))))
    .select(["previous_hash", "hash"].map((column) => knex.raw(exactText(column))))
    .select(knex.raw(`${microsOf("at")} AS micros`))
    .orderBy("sequence")
    .limit(count);
  return rows.map(toEntry);
}

/**
 * Appends to the chain in a transaction of the caller's. Whoever else wants to waits for its end, so it comes last.
 *
 * @throws LinkFailure with what the link throws as its cause; LottyError `internal` when it makes no entry, `revision_conflict` when somebody
 * appends without waiting
 */
export async function appendToChain(knex: Knex, link: AuditLink): Promise<void> {
  await knex.raw(`SELECT pg_advisory_xact_lock(${CHAIN_LOCK})`);
  const entries = made(link, await readAuditHead(knex));
  checkEncodable("audit_log", entries.flatMap(textsOf));
  const rows = entries.map((entry) => toRow(knex, entry));
  try {
    await knex("audit_log").insert(rows);
  } catch (error) {
    if (!isFork(error)) throw error;
    throw new LottyError("revision_conflict", "Somebody else has appended to the chain of changes", { cause: error });
  }
}

function made(link: AuditLink, head: AuditHead): readonly AuditEntry[] {
  let entries: readonly AuditEntry[];
  try {
    entries = link(head);
  } catch (error) {
    throw new LinkFailure("The entries on record cannot be made", { cause: error });
  }
  if (entries.length === 0) throw new LottyError("internal", "A change without an entry on record.");
  return entries;
}

function isFork(error: unknown): boolean {
  if (sqlState(error) !== UNIQUE_VIOLATION) return false;
  return error instanceof Error && "constraint" in error && CHAIN_CONSTRAINTS.has(error.constraint);
}

function textsOf({ action, actor, entity, from }: AuditEntry): readonly (string | null)[] {
  return [actor.id, actor.name, from, action, entity.id, entity.key];
}

function toRow(knex: Knex, entry: AuditEntry): Readonly<Record<string, unknown>> {
  const { actor, entity } = entry;
  return {
    sequence: entry.sequence,
    id: entry.id,
    at: instantOrNull(knex, entry.at),
    environment_id: entry.environmentId,
    actor_id: actor.id,
    actor_name: actor.name,
    actor_kind: actor.kind,
    came_from: entry.from,
    action: entry.action,
    entity_kind: entity.kind,
    entity_id: entity.id,
    entity_key: entity.key,
    before: JSON.stringify(entry.before),
    after: JSON.stringify(entry.after),
    previous_hash: entry.previousHash,
    hash: entry.hash,
  };
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    sequence: row.sequence,
    id: row.id,
    at: row.micros,
    actor: { id: row.actor_id, name: row.actor_name, kind: row.actor_kind },
    from: row.came_from,
    action: row.action,
    entity: { kind: row.entity_kind, id: row.entity_id, key: row.entity_key },
    environmentId: row.environment_id,
    before: row.before,
    after: row.after,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

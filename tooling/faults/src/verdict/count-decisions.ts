import { readAcknowledgements, type Acknowledgement } from "../client/ack-log.ts";
import type { Rows } from "../stage/database.ts";

/** The words under which something is kept. */
export const KEPT_WORDS = ["committed", "spooled", "queued"] as const;

/** A number for each of the words. */
export type ByWord = Readonly<Record<(typeof KEPT_WORDS)[number], number>>;

/** A database of Lotty, to be asked in SQL. */
export interface DecisionTables {
  query(text: string, values?: readonly unknown[]): Promise<Rows>;
}

/** One that has been opened for the purpose. */
export interface ClosableTables extends DecisionTables {
  close(): Promise<void>;
}

/** What is in the database, compared with what was acknowledged. */
export interface DecisionCounts {
  /** Acknowledged decisions, by the word of their answer. */
  readonly acknowledged: ByWord;
  /** Rows in the table. */
  readonly rows: number;
  /** Acknowledged decisions without a row. */
  readonly missing: ByWord;
  /** Rows beyond one per decision that was asked for. */
  readonly duplicates: ByWord;
  /** Acknowledged decisions whose row speaks of another subject or flag, or whose assignment is not there. */
  readonly wrong: number;
  /** Rows that nobody was told of: the answer was lost on its way. */
  readonly unanswered: number;
}

const IDS_AT_ONCE = 10_000;

/**
 * Compares the table of decisions with a file of acknowledgements. Every subject was asked for by one job only, so a flag has as
 * many rows for it as there were requests, at most.
 *
 * @param attempts requests for a subject, where there was more than one
 */
export async function countDecisions(
  database: DecisionTables,
  ackFile: string,
  attempts: ReadonlyMap<string, number>,
): Promise<DecisionCounts> {
  const acks = await readAcknowledgements(ackFile);
  await database.query("CREATE UNLOGGED TABLE IF NOT EXISTS acks (id uuid, word text, flag text, subject text)");
  await database.query("TRUNCATE acks");
  for (let start = 0; start < acks.length; start += IDS_AT_ONCE)
    await load(database, acks.slice(start, start + IDS_AT_ONCE));
  await database.query("ANALYZE acks");
  const [rows] = await database.query("SELECT count(*) AS rows FROM decisions");
  const [unanswered] = await database.query(
    "SELECT count(*) AS rows FROM decisions d WHERE NOT EXISTS (SELECT 1 FROM acks a WHERE a.id = d.decision_id)",
  );
  const [wrong] = await database.query(
    `SELECT count(*) AS wrong FROM acks a JOIN decisions d ON d.decision_id = a.id
     WHERE d.subject_id <> a.subject OR d.flag_key <> a.flag OR (d.reason = 'experiment_assigned' AND NOT EXISTS (
       SELECT 1 FROM assignments s WHERE s.environment_id = d.environment_id AND s.subject_id = d.subject_id
         AND s.experiment_id = d.experiment_id AND s.variant_id = d.variant_id))`,
  );
  const missing = await database.query(
    `SELECT word, count(*) AS count FROM acks a
     WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.decision_id = a.id) GROUP BY word`,
  );
  return {
    acknowledged: byWord(acks.map(({ word }) => ({ word, count: 1 }))),
    rows: Number(rows?.["rows"]),
    missing: byWord(missing),
    duplicates: await countDuplicates(database, attempts),
    wrong: Number(wrong?.["wrong"]),
    unanswered: Number(unanswered?.["rows"]),
  };
}

async function load(database: DecisionTables, acks: readonly Acknowledgement[]): Promise<void> {
  await database.query("INSERT INTO acks SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])", [
    acks.map(({ id }) => id),
    acks.map(({ word }) => word),
    acks.map(({ flag }) => flag),
    acks.map(({ subject }) => subject),
  ]);
}

/** Ids that occur twice (in different partitions, where the key does not forbid it), and rows without a request. */
async function countDuplicates(database: DecisionTables, attempts: ReadonlyMap<string, number>): Promise<ByWord> {
  const twice = await database.query(
    `SELECT coalesce(a.word, 'committed') AS word, count(*) - 1 AS count FROM decisions d LEFT JOIN acks a ON a.id = d.decision_id
     GROUP BY d.decision_id, a.word HAVING count(*) > 1`,
  );
  const several = await database.query(
    `SELECT d.subject_id AS subject, count(*) AS count, min(a.word) AS word FROM decisions d
     LEFT JOIN acks a ON a.id = d.decision_id GROUP BY d.subject_id, d.flag_key HAVING count(*) > 1`,
  );
  const surplus = several.map(({ subject, count, word }) => ({
    word: word ?? "committed",
    count: Math.max(0, Number(count) - (attempts.get(String(subject)) ?? 1)),
  }));
  return byWord([...twice, ...surplus]);
}

function byWord(counts: readonly Readonly<Record<string, unknown>>[]): ByWord {
  const sum = { committed: 0, spooled: 0, queued: 0 };
  for (const { word, count } of counts) {
    const known = KEPT_WORDS.find((each) => each === word);
    if (known !== undefined) sum[known] += Number(count);
  }
  return sum;
}

/** All words together. */
export function total(counts: ByWord): number {
  return KEPT_WORDS.reduce((sum, word) => sum + counts[word], 0);
}

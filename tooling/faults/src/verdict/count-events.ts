import { readAcknowledgements } from "../client/ack-log.ts";
import { KEPT_WORDS, type ByWord, type DecisionTables } from "./count-decisions.ts";

/** What is in the table of events, compared with what was acknowledged. */
export interface EventCounts {
  /** Events that were acknowledged, by the word of their first answer. */
  readonly acknowledged: ByWord;
  readonly rows: number;
  /** Acknowledged events without a row. */
  readonly missing: ByWord;
  /** Rows beyond one for each event that was sent. */
  readonly surplus: number;
}

/**
 * Compares the table of events with a file of acknowledgements.
 *
 * @param sent ids of all events that were sent, answered or not
 */
export async function countEvents(
  database: DecisionTables,
  ackFile: string,
  sent: ReadonlySet<string>,
): Promise<EventCounts> {
  const acks = await readAcknowledgements(ackFile);
  const words = new Map(acks.toReversed().map(({ id, word }) => [id, word]));
  const rows = (await database.query("SELECT event_id FROM events")).map(({ event_id }) => String(event_id));
  const stored = new Set(rows);
  return {
    acknowledged: byWord(words.values()),
    rows: rows.length,
    missing: byWord([...words].filter(([id]) => !stored.has(id)).map(([, word]) => word)),
    surplus: rows.length - stored.size + [...stored].filter((id) => !sent.has(id)).length,
  };
}

function byWord(words: Iterable<string>): ByWord {
  const counts = { committed: 0, spooled: 0, queued: 0 };
  for (const word of words) {
    const known = KEPT_WORDS.find((each) => each === word);
    if (known !== undefined) counts[known] += 1;
  }
  return counts;
}

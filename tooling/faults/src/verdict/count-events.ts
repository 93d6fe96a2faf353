import { readAcknowledgements } from "../client/ack-log.ts";
import { KEPT_WORDS, type ByWord, type DecisionTables } from "./count-decisions.ts";

/** What is in the table of events, compared with what was acknowledged. */
export interface EventCounts {
  /** Events that were acknowledged, by the word of their first answer. */
  readonly acknowledged: ByWord;
  readonly rows: number;
  /** Acknowledged events without a row. */
  readonly missing: number;
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
  const acknowledged = { committed: 0, spooled: 0, queued: 0 };
  for (const word of words.values()) {
    const known = KEPT_WORDS.find((each) => each === word);
    if (known !== undefined) acknowledged[known] += 1;
  }
  return {
    acknowledged,
    rows: rows.length,
    missing: [...words.keys()].filter((id) => !stored.has(id)).length,
    surplus: rows.length - stored.size + [...stored].filter((id) => !sent.has(id)).length,
  };
}

import { isLottyError, type DecisionRecord, type StreamEntry } from "@lotty/domain";

/** An entry that holds a decision. */
export interface DecisionEntry extends StreamEntry {
  readonly decision: DecisionRecord;
}

/** Where a batch goes. */
export interface BatchOutcomes {
  /**
   * Writes all of the decisions or none.
   *
   * @throws LottyError `decision_rejected` when one of them can never be written
   */
  write(decisions: readonly DecisionRecord[]): Promise<void>;
  /** These are in the database. */
  written(entries: readonly DecisionEntry[]): Promise<void>;
  /** This one can never be written. */
  refused(entry: DecisionEntry, error: unknown): Promise<void>;
}

/**
 * Writes a batch whole if the store takes it. A batch that the store rejects is halved until the decisions to blame are
 * alone; every part is reported as soon as it is settled, so that neighbours of a bad decision do not wait for its end. With k
 * bad decisions among n it takes about 2 k log2(n / k) writes.
 *
 * @throws what `write` throws, `decision_rejected` excepted; parts not reported by then are unsettled
 */
export async function writeBatch(entries: readonly DecisionEntry[], outcomes: BatchOutcomes): Promise<void> {
  const [first] = entries;
  if (first === undefined) return;
  try {
    await outcomes.write(entries.map(({ decision }) => decision));
  } catch (error) {
    if (!isLottyError(error, "decision_rejected")) throw error;
    if (entries.length === 1) {
      await outcomes.refused(first, error);
      return;
    }
    const middle = Math.ceil(entries.length / 2);
    await writeBatch(entries.slice(0, middle), outcomes);
    await writeBatch(entries.slice(middle), outcomes);
    return;
  }
  await outcomes.written(entries);
}

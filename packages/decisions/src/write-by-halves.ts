import { isLottyError, type LottyError } from "@lotty/domain";

/** Where a batch goes. */
export interface BatchOutcomes<Item> {
  /**
   * Writes all of the items or none.
   *
   * @throws LottyError `decision_rejected` when one of them can never be written
   */
  write(items: readonly Item[]): Promise<void>;
  /** These are written. */
  written?(items: readonly Item[]): Promise<void>;
  /** This one can never be written. */
  refused(item: Item, error: LottyError): void | Promise<void>;
}

/**
 * Writes a batch whole if the store takes it. A batch that the store rejects is halved until the decisions to blame are
 * alone; every part is reported as soon as it is settled, so that neighbours of a bad decision do not wait for its end. With k
 * bad decisions among n it takes about 2 k log2(n / k) writes.
 *
 * @throws what `write` throws, `decision_rejected` excepted; parts not reported by then are unsettled
 */
export async function writeByHalves<Item>(items: readonly Item[], outcomes: BatchOutcomes<Item>): Promise<void> {
  const [first] = items;
  if (first === undefined) return;
  try {
    await outcomes.write(items);
  } catch (error) {
    if (!isLottyError(error, "decision_rejected")) throw error;
    if (items.length === 1) {
      await outcomes.refused(first, error);
      return;
    }
    const middle = Math.ceil(items.length / 2);
    await writeByHalves(items.slice(0, middle), outcomes);
    await writeByHalves(items.slice(middle), outcomes);
    return;
  }
  await outcomes.written?.(items);
}

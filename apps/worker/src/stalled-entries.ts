import type { DecisionStream, StreamEntry } from "@lotty/domain";

/** When entries of other workers are looked for. */
export interface StalledEntriesOptions<Item> {
  readonly stream: DecisionStream<Item>;
  /** Most entries of one look. */
  readonly batchSize: number;
  /** Entries held this long without an acknowledgement are taken from their worker. */
  readonly stalledMillis: number;
  readonly intervalMillis: number;
  /** A steady clock, in milliseconds. */
  readonly now: () => number;
}

/** Takes over what other workers left behind, from time to time. */
export class StalledEntries<Item> {
  readonly #options: StalledEntriesOptions<Item>;
  #nextLook = 0;

  constructor(options: StalledEntriesOptions<Item>) {
    this.#options = options;
  }

  /** Entries to work on if it is time to look; mostly none, without asking anyone. */
  async take(): Promise<readonly StreamEntry<Item>[]> {
    const { stream, batchSize, stalledMillis, intervalMillis, now } = this.#options;
    if (now() < this.#nextLook) return [];
    const entries = await stream.reclaim(batchSize, stalledMillis);
    // A full batch suggests that there is more: look again without delay.
    this.#nextLook = entries.length < batchSize ? now() + intervalMillis : 0;
    return entries;
  }
}

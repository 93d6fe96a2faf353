import {
  LottyError,
  type Instant,
  type RecordSpool,
  type RefusedItem,
  type SpoolSize,
  type SpoolWriter,
} from "@lotty/domain";

/** How a spool in memory is made. */
export interface MemorySpoolOptions<Item> {
  readonly maxRows?: number;
  readonly batchRows?: number;
  /** What an earlier process has left. */
  readonly waiting?: readonly Item[];
}

/** A spool in memory, which can be full and can be broken. */
export class MemoryRecordSpool<Item> implements RecordSpool<Item> {
  readonly refused: RefusedItem<Item>[] = [];
  readonly #sinceOf: (item: Item) => Instant;
  readonly #maxRows: number;
  readonly #batchRows: number;
  #waiting: Item[];
  #failure: LottyError | undefined;
  #abandoned: readonly Item[] = [];
  #closed = false;

  /** @param sinceOf when an item came to be */
  constructor(sinceOf: (item: Item) => Instant, options: MemorySpoolOptions<Item> = {}) {
    this.#sinceOf = sinceOf;
    this.#maxRows = options.maxRows ?? Infinity;
    this.#batchRows = options.batchRows ?? 500;
    this.#waiting = [...(options.waiting ?? [])];
  }

  /** What waits, in order. */
  get waiting(): readonly Item[] {
    return this.#waiting;
  }

  /** Makes every append fail until called with `undefined`. */
  failWith(error: LottyError | undefined): void {
    this.#failure = error;
  }

  /** Leaves items to be taken over. */
  abandon(items: readonly Item[]): void {
    this.#abandoned = items;
  }

  async append(items: readonly Item[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed || this.#waiting.length + items.length > this.#maxRows) {
      throw new LottyError("decision_store_unavailable", "The spool takes no more.");
    }
    this.#waiting.push(...items);
  }

  async drain(write: SpoolWriter<Item>): Promise<number> {
    const batch = this.#waiting.slice(0, this.#batchRows);
    if (batch.length === 0) return 0;
    this.refused.push(...(await write(batch)));
    this.#waiting = this.#waiting.slice(batch.length);
    return batch.length;
  }

  takeOver(): number {
    const taken = this.#abandoned;
    this.#abandoned = [];
    this.#waiting = [...taken, ...this.#waiting];
    return taken.length;
  }

  size(): SpoolSize {
    const ages = this.#waiting.map(this.#sinceOf);
    return {
      rows: this.#waiting.length,
      bytes: JSON.stringify(this.#waiting).length - "[]".length,
      oldest: ages.length === 0 ? null : Math.min(...ages),
      setAside: this.refused.length,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

import { LottyError } from "@lotty/domain";
import type { Settled } from "./settled.ts";

/** How a {@link GroupCommit} gathers and commits. */
export interface GroupCommitOptions<Item, Value> {
  /** Size of an item in rows, at least 1. */
  readonly rowsOf: (item: Item) => number;
  /** Most rows in one commit; a larger item has a commit of its own. */
  readonly maxBatchRows: number;
  /** Most commits at the same time. */
  readonly maxInFlight: number;
  /** Most rows that may wait; beyond it items are refused at once. */
  readonly maxWaitingRows: number;
  /** Items that waited longer are refused instead of being committed. */
  readonly maxWaitMillis: number;
  /** Commits items; settles each of them, in the given order, and never rejects for the sake of one. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Settled<Value>[]>;
}

interface Waiting<Item, Value> {
  readonly item: Item;
  readonly rows: number;
  readonly since: number;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Shares commits between concurrent callers without making anyone wait on purpose: what arrives while commits are in flight
 * goes together into the next. A lone caller commits at once; under load batches grow by themselves. There is no timer,
 * because a window only adds its length to every answer.
 */
export class GroupCommit<Item, Value> {
  readonly #options: GroupCommitOptions<Item, Value>;
  readonly #drained: (() => void)[] = [];
  #waiting: Waiting<Item, Value>[] = [];
  #waitingRows = 0;
  #inFlight = 0;
  #scheduled = false;
  #closed = false;

  constructor(options: GroupCommitOptions<Item, Value>) {
    this.#options = options;
  }

  /** Rows that wait for a commit. */
  get waitingRows(): number {
    return this.#waitingRows;
  }

  /**
   * Hands an item in; resolves when it is committed.
   *
   * @throws LottyError `decision_store_unavailable` when the queue is full, the wait was too long or the group is closed;
   * else what `commit` settled the item with
   */
  submit(item: Item): Promise<Value> {
    const rows = this.#options.rowsOf(item);
    if (this.#closed) return Promise.reject(refusal("Decisions are no longer taken: the store is closing"));
    if (this.#waitingRows + rows > this.#options.maxWaitingRows) {
      return Promise.reject(refusal("Too many decisions wait to be written", { waiting: this.#waitingRows }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, rows, since: performance.now(), resolve, reject });
      this.#waitingRows += rows;
      this.#schedule();
    });
  }

  /** Takes no more items and resolves when all that were taken are settled. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#inFlight === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  /** Starts batches at the end of this turn of the event loop, so that what arrives in one turn shares a commit. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.#options.maxInFlight) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #start(): void {
    if (this.#inFlight < this.#options.maxInFlight) {
      const batch = this.#nextBatch();
      if (batch.length > 0) void this.#run(batch);
    }
    if (this.#waiting.length > 0) this.#schedule();
    else if (this.#inFlight === 0) this.#drained.splice(0).forEach((resolve) => resolve());
  }

  #nextBatch(): readonly Waiting<Item, Value>[] {
    const batch: Waiting<Item, Value>[] = [];
    const oldest = performance.now() - this.#options.maxWaitMillis;
    let rows = 0;
    let taken = 0;
    for (const entry of this.#waiting) {
      const expired = entry.since < oldest;
      if (!expired && batch.length > 0 && rows + entry.rows > this.#options.maxBatchRows) break;
      taken += 1;
      this.#waitingRows -= entry.rows;
      if (expired) {
        entry.reject(refusal("The decision waited too long to be written"));
      } else {
        batch.push(entry);
        rows += entry.rows;
      }
    }
    this.#waiting = this.#waiting.slice(taken);
    return batch;
  }

  async #run(batch: readonly Waiting<Item, Value>[]): Promise<void> {
    this.#inFlight += 1;
    let settled: readonly Settled<Value>[];
    try {
      settled = await this.#options.commit(batch.map(({ item }) => item));
    } catch (error) {
      settled = batch.map(() => ({ ok: false, error }));
    }
    this.#inFlight -= 1;
    batch.forEach((entry, index) => {
      const outcome = settled[index];
      if (outcome?.ok === true) entry.resolve(outcome.value);
      else entry.reject(outcome?.error ?? new LottyError("internal", "A commit left an item unsettled"));
    });
    this.#start();
  }
}

function refusal(message: string, details: Record<string, unknown> = {}): LottyError {
  return new LottyError("decision_store_unavailable", message, { details });
}

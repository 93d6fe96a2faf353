import { LottyError, type ErrorCode } from "@lotty/domain";
import type { Settled } from "./settled.ts";

/** How much a {@link CallBatcher} does at once. */
export interface BatchLimits {
  /** Most rows in one statement; a larger call has a statement of its own. */
  readonly maxBatchRows: number;
  /** Most statements at the same time. */
  readonly maxInFlight: number;
  /** Most rows that may wait; beyond it calls are refused at once. */
  readonly maxWaitingRows: number;
  /** Calls that waited longer are refused instead of being run. */
  readonly maxWaitMillis: number;
}

/** How a {@link CallBatcher} gathers and runs calls. */
export interface CallBatcherOptions<Call, Value> extends BatchLimits {
  /** Size of a call in rows, at least 1. */
  readonly rowsOf: (call: Call) => number;
  /** Code of the error for calls that are not run. */
  readonly refusalCode: ErrorCode;
  /** Runs calls together; settles each of them, in the given order, and never rejects for the sake of one. */
  readonly run: (calls: readonly Call[]) => Promise<readonly Settled<Value>[]>;
}

interface Waiting<Call, Value> {
  readonly call: Call;
  readonly rows: number;
  readonly since: number;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Shares statements between concurrent callers without making anyone wait on purpose: what arrives while statements are in
 * flight goes together into the next. A lone call runs at once; under load batches grow by themselves. There is no timer,
 * because a window only adds its length to every answer.
 */
export class CallBatcher<Call, Value> {
  readonly #options: CallBatcherOptions<Call, Value>;
  readonly #drained: (() => void)[] = [];
  #waiting: Waiting<Call, Value>[] = [];
  #waitingRows = 0;
  #inFlight = 0;
  #scheduled = false;
  #closed = false;

  constructor(options: CallBatcherOptions<Call, Value>) {
    this.#options = options;
  }

  /** Rows that wait for a statement. */
  get waitingRows(): number {
    return this.#waitingRows;
  }

  /**
   * Hands a call in; resolves when it has been run.
   *
   * @throws LottyError the code of refusals when the queue is full, the wait was too long or the batcher is closed; else
   * what `run` settled the call with
   */
  submit(call: Call): Promise<Value> {
    const rows = this.#options.rowsOf(call);
    if (this.#closed) return Promise.reject(this.#refusal("The database takes no more calls: it is being closed"));
    if (this.#waitingRows + rows > this.#options.maxWaitingRows) {
      return Promise.reject(this.#refusal("Too many calls wait for the database"));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, rows, since: performance.now(), resolve, reject });
      this.#waitingRows += rows;
      this.#schedule();
    });
  }

  /** Takes no more calls and resolves when all that were taken are settled. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#inFlight === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  /** Starts batches at the end of this turn of the event loop, so that what arrives in one turn shares one. */
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

  #nextBatch(): readonly Waiting<Call, Value>[] {
    const batch: Waiting<Call, Value>[] = [];
    const oldest = performance.now() - this.#options.maxWaitMillis;
    let rows = 0;
    let taken = 0;
    for (const entry of this.#waiting) {
      const expired = entry.since < oldest;
      if (!expired && batch.length > 0 && rows + entry.rows > this.#options.maxBatchRows) break;
      taken += 1;
      this.#waitingRows -= entry.rows;
      if (expired) {
        entry.reject(this.#refusal("The call waited too long for the database"));
      } else {
        batch.push(entry);
        rows += entry.rows;
      }
    }
    this.#waiting = this.#waiting.slice(taken);
    return batch;
  }

  async #run(batch: readonly Waiting<Call, Value>[]): Promise<void> {
    this.#inFlight += 1;
    let settled: readonly Settled<Value>[];
    try {
      settled = await this.#options.run(batch.map(({ call }) => call));
    } catch (error) {
      settled = batch.map(() => ({ ok: false, error }));
    }
    this.#inFlight -= 1;
    batch.forEach((entry, index) => {
      const outcome = settled[index];
      if (outcome?.ok === true) entry.resolve(outcome.value);
      else entry.reject(outcome?.error ?? new LottyError("internal", "A batch left a call unsettled"));
    });
    this.#start();
  }

  #refusal(message: string): LottyError {
    return new LottyError(this.#options.refusalCode, message, { details: { waiting: this.#waitingRows } });
  }
}

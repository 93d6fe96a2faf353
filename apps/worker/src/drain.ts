import { writeByHalves } from "@lotty/decisions";
import { isLottyError, type DecisionStream, type ErrorCode, type Logger, type StreamEntry } from "@lotty/domain";
import { persist, type PersistOptions } from "./persist.ts";
import { isMalformed, reasonOf } from "./reason-of.ts";
import { StalledEntries } from "./stalled-entries.ts";
import type { SetAsideCause, WorkerMetrics } from "./worker-metrics.ts";

/** An entry that holds an item. */
interface ItemEntry<Item> extends StreamEntry<Item> {
  readonly item: Item;
}

/** Where items go. */
export interface DrainSink<Item> {
  /**
   * Writes all or nothing, items that exist already excepted; or tells why single items can never be written, and writes the others.
   *
   * @throws LottyError `decision_rejected` when some item, nobody knows which, can never be written; any other failure is tried again
   */
  write(items: readonly Item[]): Promise<void | ReadonlyMap<Item, string>>;
}

/** What a drain works with. */
export interface DrainOptions<Item> {
  /** A member of the group that nobody else uses. */
  readonly stream: DecisionStream<Item>;
  readonly sink: DrainSink<Item>;
  readonly metrics: Pick<WorkerMetrics, "written" | "setAside" | "reclaimed">;
  readonly logger: Logger;
  /** Most decisions of one transaction. */
  readonly batchSize: number;
  /** Default {@link STALLED_MILLIS}. */
  readonly stalledMillis?: number;
  /** Default {@link RECLAIM_INTERVAL_MILLIS}. */
  readonly reclaimIntervalMillis?: number;
  /** How long a read waits for entries, in milliseconds; the end of the drain waits as long. Default: a second. */
  readonly readWaitMillis?: number;
  /** A steady clock, in milliseconds. Default: the machine's. */
  readonly now?: () => number;
}

/**
 * Entries held this long, in milliseconds, belong to a worker that is gone, or so slow that doing its work twice does no
 * harm: six times what a statement may take by default.
 */
export const STALLED_MILLIS = 30_000;

/**
 * How often other workers' stalled entries are looked for, in milliseconds. With the time above, a worker that dies delays
 * nothing by as much as a minute.
 */
export const RECLAIM_INTERVAL_MILLIS = 5_000;

/** Long enough to ask seldom, short enough not to hold the end of the process up. */
const READ_WAIT_MILLIS = 1_000;

/**
 * Moves decisions from the stream to the database, one batch after the other. Entries are acknowledged after the commit,
 * so a worker that dies leaves them for another; decisions that arrive twice are written once by their id.
 */
export class Drain<Item> {
  readonly #options: DrainOptions<Item>;
  readonly #stalled: StalledEntries<Item>;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #interruption: ErrorCode | undefined;

  constructor(options: DrainOptions<Item>) {
    const { stream, batchSize } = options;
    this.#options = options;
    this.#stalled = new StalledEntries({
      stream,
      batchSize,
      stalledMillis: options.stalledMillis ?? STALLED_MILLIS,
      intervalMillis: options.reclaimIntervalMillis ?? RECLAIM_INTERVAL_MILLIS,
      now: options.now ?? (() => performance.now()),
    });
  }

  /** Begins. Works until it is stopped; nothing else ends it. */
  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Ends after the batch in hand has been written and acknowledged, as far as database and stream allow at once. What is
   * left is taken over by other workers.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** What keeps the drain from working at the moment, if anything. */
  get interruption(): ErrorCode | undefined {
    return this.#interruption;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        // Whatever can fail is tried again, so anything else is a defect: better to end than to go on in an unknown state.
        if (!this.#stopping.signal.aborted) throw error;
        // The end came during an outage. What was in hand stays with the stream.
        this.#options.logger.warn("worker_round_cut_short", { error });
      }
    }
  }

  async #round(): Promise<void> {
    const entries = await this.#persist("reading the stream", () => this.#next());
    for (const entry of entries) if (!holdsItem(entry)) await this.#setAside(entry, "malformed");
    const refusals = new Map<Item, string>();
    await writeByHalves(entries.filter(holdsItem), {
      write: async (some) => {
        const refused = await this.#write(some.map(({ item }) => item));
        for (const [item, reason] of refused) refusals.set(item, reason);
      },
      written: (some) => this.#settle(some, refusals),
      refused: (entry, error) => this.#setAside(entry, "rejected", error),
    });
  }

  async #next(): Promise<readonly StreamEntry<Item>[]> {
    const { stream, batchSize, metrics, readWaitMillis = READ_WAIT_MILLIS } = this.#options;
    const stalled = await this.#stalled.take();
    if (stalled.length === 0) return stream.read(batchSize, readWaitMillis);
    metrics.reclaimed(stalled.length);
    return stalled;
  }

  async #write(items: readonly Item[]): Promise<ReadonlyMap<Item, string>> {
    const begin = performance.now();
    const refused = await this.#persist("writing what was queued", () => this.#options.sink.write(items), isRejection);
    const refusals = refused instanceof Map ? refused : new Map<Item, string>();
    this.#options.metrics.written(items.length - refusals.size, (performance.now() - begin) / 1_000);
    return refusals;
  }

  async #settle(entries: readonly ItemEntry<Item>[], refusals: ReadonlyMap<Item, string>): Promise<void> {
    await this.#acknowledge(entries.filter(({ item }) => !refusals.has(item)));
    for (const entry of entries) {
      const reason = refusals.get(entry.item);
      if (reason !== undefined) await this.#putAside(entry, "rejected", reason);
    }
  }

  async #acknowledge(entries: readonly ItemEntry<Item>[]): Promise<void> {
    if (entries.length === 0) return;
    const ids = entries.map(({ id }) => id);
    await this.#persist("acknowledging what was written", () => this.#options.stream.acknowledge(ids));
  }

  #setAside(entry: StreamEntry<Item>, cause: SetAsideCause, error?: unknown): Promise<void> {
    return this.#putAside(entry, cause, reasonOf(entry, error));
  }

  async #putAside(entry: StreamEntry<Item>, cause: SetAsideCause, reason: string): Promise<void> {
    const { stream, logger, metrics } = this.#options;
    await this.#persist("setting an entry aside", () => stream.setAside(entry, reason));
    metrics.setAside(cause);
    logger.warn("decision_set_aside", { entry: entry.id, cause, reason });
  }

  #persist<T>(attempt: string, operation: () => Promise<T>, isFinal?: (error: unknown) => boolean): Promise<T> {
    const options: PersistOptions = {
      attempt,
      signal: this.#stopping.signal,
      logger: this.#options.logger,
      onInterruption: (error) => {
        this.#interruption = error === undefined ? undefined : isLottyError(error) ? error.code : "internal";
      },
    };
    return persist(operation, isFinal === undefined ? options : { ...options, isFinal });
  }
}

function holdsItem<Item>(entry: StreamEntry<Item>): entry is ItemEntry<Item> {
  return !isMalformed(entry.item);
}

function isRejection(error: unknown): boolean {
  return isLottyError(error, "decision_rejected");
}

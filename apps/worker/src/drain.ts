import { writeByHalves } from "@lotty/decisions";
import {
  isLottyError,
  type DecisionRecord,
  type DecisionSink,
  type DecisionStream,
  type ErrorCode,
  type Logger,
  type StreamEntry,
} from "@lotty/domain";
import { persist, type PersistOptions } from "./persist.ts";
import { reasonOf } from "./reason-of.ts";
import { StalledEntries } from "./stalled-entries.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** An entry that holds a decision. */
interface DecisionEntry extends StreamEntry {
  readonly decision: DecisionRecord;
}

/** What a drain works with. */
export interface DrainOptions {
  /** A member of the group that nobody else uses. */
  readonly stream: DecisionStream;
  readonly sink: DecisionSink;
  readonly metrics: WorkerMetrics;
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
export class Drain {
  readonly #options: DrainOptions;
  readonly #stalled: StalledEntries;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #interruption: ErrorCode | undefined;

  constructor(options: DrainOptions) {
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
    for (const entry of entries) if (!isDecision(entry)) await this.#setAside(entry, "malformed");
    await writeByHalves(entries.filter(isDecision), {
      write: (some) => this.#write(some.map(({ decision }) => decision)),
      written: (some) => this.#acknowledge(some),
      refused: (entry, error) => this.#setAside(entry, "rejected", error),
    });
  }

  async #next(): Promise<readonly StreamEntry[]> {
    const { stream, batchSize, metrics, readWaitMillis = READ_WAIT_MILLIS } = this.#options;
    const stalled = await this.#stalled.take();
    if (stalled.length === 0) return stream.read(batchSize, readWaitMillis);
    metrics.reclaimed(stalled.length);
    return stalled;
  }

  async #write(decisions: readonly DecisionRecord[]): Promise<void> {
    const begin = performance.now();
    await this.#persist("writing decisions", () => this.#options.sink.write(decisions), isRejection);
    this.#options.metrics.written(decisions.length, (performance.now() - begin) / 1_000);
  }

  async #acknowledge(entries: readonly DecisionEntry[]): Promise<void> {
    const ids = entries.map(({ id }) => id);
    await this.#persist("acknowledging decisions", () => this.#options.stream.acknowledge(ids));
  }

  async #setAside(entry: StreamEntry, cause: "malformed" | "rejected", error?: unknown): Promise<void> {
    const { stream, logger, metrics } = this.#options;
    const reason = reasonOf(entry, error);
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

function isDecision(entry: StreamEntry): entry is DecisionEntry {
  return !("malformed" in entry.decision);
}

function isRejection(error: unknown): boolean {
  return isLottyError(error, "decision_rejected");
}

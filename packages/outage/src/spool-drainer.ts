import {
  isLottyError,
  LottyError,
  MICROS_PER_MILLI,
  type Clock,
  type Logger,
  type RecordSpool,
  type SpoolWriter,
  type Timer,
} from "@lotty/domain";
import type { StoreCircuit } from "./store-circuit.ts";

/** What a {@link SpoolDrainer} works with. */
export interface SpoolDrainerOptions<Item> {
  readonly spool: Pick<RecordSpool<Item>, "drain" | "size" | "takeOver">;
  /** Writes to the store. Whatever it is given may be there already. */
  readonly write: SpoolWriter<Item>;
  /** What is spooled, for the log. */
  readonly of: "decisions" | "events";
  /**
   * Asks the store for a sign of life.
   *
   * @throws LottyError when it does not give one
   */
  readonly probe: () => Promise<void>;
  readonly circuit: StoreCircuit;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** How often it is looked whether a store that is away is back. */
const PROBE_MILLIS = 500;

/** How often, in probes, it is looked whether another process has left something behind. */
const PROBES_PER_TAKE_OVER = 30;

/** With so few rows left, recording waits for them: they are written in one or two statements. */
const HANDOVER_ROWS = 500;

/** Writes what was spooled to the store when that is back, in order, and then lets everybody use it again. */
export class SpoolDrainer<Item> {
  readonly #options: SpoolDrainerOptions<Item>;
  #stopTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #probes = 0;
  #drained = 0;

  constructor(options: SpoolDrainerOptions<Item>) {
    this.#options = options;
  }

  /** Rows that have been drained since the start. */
  get drained(): number {
    return this.#drained;
  }

  /** Begins to look, at once. */
  start(): void {
    this.#stopTimer = this.#options.timer.every(PROBE_MILLIS, () => void this.look());
    void this.look();
  }

  /** Stops to look, after the batch that is on its way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopTimer?.();
    await this.#running;
  }

  /** Looks whether there is something to drain and a store to take it, and drains. Never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #look(): Promise<void> {
    const { circuit, logger, of, spool } = this.#options;
    if (this.#stopped) return;
    if (this.#probes++ % PROBES_PER_TAKE_OVER === 0 && spool.takeOver() > 0) circuit.reserve();
    if (circuit.state === "closed") return;
    try {
      await this.#options.probe();
      circuit.drain();
      await this.#drain();
    } catch (error) {
      const cause = isLottyError(error) ? error : new LottyError("internal", "Draining failed", { cause: error });
      // An outage has been told of already; anything else needs somebody to look at it.
      logger[cause.retryable ? "debug" : "error"]("spool_drain_failed", { of, error: cause });
      circuit.open(cause);
    }
  }

  async #drain(): Promise<void> {
    const { circuit, clock, logger, of, spool } = this.#options;
    const before = this.#drained;
    const startedAt = clock.now();
    const { rows } = spool.size();
    if (rows > 0) logger.info("spool_draining", { of, rows });
    while (!this.#stopped) {
      const left = spool.size().rows;
      if (left <= HANDOVER_ROWS) circuit.handOver();
      if (left === 0 && circuit.close()) {
        const millis = (clock.now() - startedAt) / MICROS_PER_MILLI;
        logger.info("spool_drained", { of, rows: this.#drained - before, millis });
        return;
      }
      // Somebody has found the store away again while the last of it was written.
      if (left === 0) return;
      const drained = await spool.drain(this.#options.write);
      this.#drained += drained;
      // A spool that hands out nothing of what it has is looked at again later.
      if (drained === 0 && spool.size().rows === left) return;
    }
  }
}

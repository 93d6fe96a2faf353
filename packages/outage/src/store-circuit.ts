import type { LottyError, Logger } from "@lotty/domain";

/**
 * Whether a store is used.
 *
 * - `closed`: as always.
 * - `open`: it is away. Nobody asks it but the one who looks whether it is back.
 * - `draining`: it is back. It may be read, but what is recorded still goes to the spool, so that nothing overtakes what
 *   came earlier.
 * - `handing_over`: almost nothing is left in the spool. Whoever records waits, so that it does become empty.
 */
export type CircuitState = "closed" | "open" | "draining" | "handing_over";

/** How a circuit begins, and what it says. */
export interface StoreCircuitOptions {
  readonly initial: "closed" | "open";
  /** What is logged when the store is found away. */
  readonly awayEvent: string;
  readonly logger: Logger;
}

/** Keeps callers off a store that is away, and lets them back in order. */
export class StoreCircuit {
  readonly #logger: Logger;
  readonly #awayEvent: string;
  #state: CircuitState;
  #handover: PromiseWithResolvers<void> | undefined;

  /** @param options `initial` is `open` when an earlier process has left something to be drained first */
  constructor({ awayEvent, initial, logger }: StoreCircuitOptions) {
    this.#state = initial;
    this.#logger = logger;
    this.#awayEvent = awayEvent;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** The store did not do what it was asked to. */
  open(error: LottyError): void {
    if (this.#state === "closed") this.#logger.warn(this.#awayEvent, { error });
    this.#enter("open");
  }

  /** What others have left is to be drained before anything is recorded. */
  reserve(): void {
    if (this.#state === "closed") this.#enter("draining");
  }

  /** The store answers again. */
  drain(): void {
    if (this.#state === "open") this.#enter("draining");
  }

  /** From now on whoever records waits. */
  handOver(): void {
    if (this.#state === "draining") this.#enter("handing_over");
  }

  /** Lets everybody use the store again. Only from a handover, because otherwise somebody may be on the way to the spool. */
  close(): boolean {
    if (this.#state !== "handing_over") return false;
    this.#enter("closed");
    return true;
  }

  /** Resolves when no handover is under way. */
  settled(): Promise<void> {
    return this.#handover?.promise ?? Promise.resolve();
  }

  #enter(state: CircuitState): void {
    this.#state = state;
    if (state === "handing_over") {
      this.#handover = Promise.withResolvers();
      return;
    }
    this.#handover?.resolve();
    this.#handover = undefined;
  }
}

import type { LottyError, Logger } from "@lotty/domain";

/**
 * Whether the store of decisions is used.
 *
 * - `closed`: as always.
 * - `open`: it is away. Nobody asks it but the one who looks whether it is back.
 * - `draining`: it is back. Histories are read from it, but decisions still go to the spool, so that none overtakes an
 *   earlier one of its subject.
 * - `handing_over`: almost nothing is left in the spool. Whoever records waits, so that it does become empty.
 */
export type CircuitState = "closed" | "open" | "draining" | "handing_over";

/** Keeps decisions away from a store that is away, and lets them back in order. */
export class StoreCircuit {
  readonly #logger: Logger;
  #state: CircuitState;
  #handover: PromiseWithResolvers<void> | undefined;

  /** @param initial `open` when an earlier process has left decisions to be drained first */
  constructor(initial: "closed" | "open", logger: Logger) {
    this.#state = initial;
    this.#logger = logger;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** The store did not do what it was asked to. */
  open(error: LottyError): void {
    if (this.#state === "closed") this.#logger.warn("decision_store_away", { error });
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

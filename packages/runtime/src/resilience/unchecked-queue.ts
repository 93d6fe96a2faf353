import { LottyError, type Logger, type RecordQueue } from "@lotty/domain";
import { OutageGate } from "./outage-gate.ts";

/** What an unchecked queue works with. */
export interface UncheckedQueueOptions<Item> {
  readonly queue: RecordQueue<Item>;
  /** Name of the setting that asks for it. */
  readonly setting: string;
  /** Asks the server what speaks against trusting it; rejects while it is away. */
  readonly faults: () => Promise<readonly string[]>;
  readonly logger: Logger;
  /** A steady clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * A queue of a server that was away when it should have told whether it keeps what it acknowledges. Takes nothing until the
 * server has told; one that does not keep it is never used.
 */
export class UncheckedQueue<Item> implements RecordQueue<Item> {
  readonly #options: UncheckedQueueOptions<Item>;
  readonly #gate: OutageGate;
  #verdict: "unknown" | "safe" | "unsafe" = "unknown";

  constructor(options: UncheckedQueueOptions<Item>) {
    this.#options = options;
    this.#gate = new OutageGate({ ...(options.now !== undefined && { now: options.now }) });
  }

  async enqueue(items: readonly Item[]): Promise<void> {
    if (this.#verdict === "unknown") await this.#gate.run(() => this.#check(), refusal);
    if (this.#verdict !== "safe") throw refusal();
    await this.#options.queue.enqueue(items);
  }

  async #check(): Promise<void> {
    const faults = await this.#options.faults();
    this.#verdict = faults.length === 0 ? "safe" : "unsafe";
    if (faults.length === 0) this.#options.logger.info("decision_stream_checked");
    else this.#options.logger.error("decision_stream_unsafe", { setting: this.#options.setting, faults });
  }
}

function refusal(): LottyError {
  return new LottyError("decision_stream_unavailable", "Whether the decision stream keeps decisions is not known.");
}

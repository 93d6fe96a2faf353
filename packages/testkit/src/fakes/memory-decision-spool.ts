import {
  assignmentsOf,
  LottyError,
  type DecisionRecord,
  type DecisionSpool,
  type RefusedDecision,
  type SpoolSize,
  type SpoolWriter,
  type SubjectHistory,
} from "@lotty/domain";

/** A spool in memory, which can be full and can be broken. */
export class MemoryDecisionSpool implements DecisionSpool {
  readonly refused: RefusedDecision[] = [];
  readonly #maxRows: number;
  readonly #batchRows: number;
  #waiting: DecisionRecord[];
  #failure: LottyError | undefined;
  #abandoned: readonly DecisionRecord[] = [];
  #closed = false;

  /** @param waiting what an earlier process has left */
  constructor(
    options: {
      readonly maxRows?: number;
      readonly batchRows?: number;
      readonly waiting?: readonly DecisionRecord[];
    } = {},
  ) {
    this.#maxRows = options.maxRows ?? Infinity;
    this.#batchRows = options.batchRows ?? 500;
    this.#waiting = [...(options.waiting ?? [])];
  }

  /** What waits, in order. */
  get waiting(): readonly DecisionRecord[] {
    return this.#waiting;
  }

  /** Makes every append fail until called with `undefined`. */
  failWith(error: LottyError | undefined): void {
    this.#failure = error;
  }

  /** Leaves decisions to be taken over. */
  abandon(decisions: readonly DecisionRecord[]): void {
    this.#abandoned = decisions;
  }

  async append(decisions: readonly DecisionRecord[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed || this.#waiting.length + decisions.length > this.#maxRows) {
      throw new LottyError("decision_store_unavailable", "The spool takes no more.");
    }
    this.#waiting.push(...decisions);
  }

  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory {
    return assignmentsOf(
      this.#waiting.filter((each) => each.environmentId === environmentId && each.subjectId === subjectId),
    );
  }

  async drain(write: SpoolWriter): Promise<number> {
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
    const ages = this.#waiting.map(({ decidedAt }) => decidedAt);
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

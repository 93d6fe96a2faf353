import {
  LottyError,
  type Clock,
  type DeadLetter,
  type DeadLetters,
  type DecisionQueue,
  type DecisionRecord,
  type DecisionStream,
  type RetryOutcome,
  type StreamEntry,
} from "@lotty/domain";
import { MemoryStreamMember, type StoredEntry, type StreamGroup } from "./memory-stream-member.ts";

/** Settings of a {@link MemoryDecisionStream}. */
export interface MemoryDecisionStreamOptions {
  /** Tells how long entries have been held. */
  readonly clock: Clock;
  /** Entries that may wait, taken ones included, before the stream counts as full. Default: no limit. */
  readonly maxLength?: number;
}

/**
 * A decision stream of this process alone: one group with any number of members. A fake and no adapter: what is queued
 * in memory is not safe, so no process may answer with it. The stream itself is one member; {@link member} gives others.
 */
export class MemoryDecisionStream implements DecisionQueue, DecisionStream {
  readonly #group: StreamGroup;
  readonly #maxLength: number;
  readonly #self: DecisionStream;
  readonly #letters = new Map<string, DeadLetter>();
  #lastId = 0;
  readonly deadLetters: DeadLetters = {
    list: async (count, after) => this.#list(count, after),
    size: async () => this.#letters.size,
    retry: async (id) => this.#retry(id),
    drop: async (id) => this.#letters.delete(id),
  };

  constructor(options: MemoryDecisionStreamOptions) {
    this.#maxLength = options.maxLength ?? Number.POSITIVE_INFINITY;
    this.#group = {
      clock: options.clock,
      unread: [],
      pending: new Map(),
      waiting: new Set(),
      bury: ({ item, deliveries, payload }, reason) => {
        const id = this.#nextId();
        const setAsideAt = options.clock.now();
        this.#letters.set(id, { id, shard: 0, setAsideAt, deliveries, reason, item, payload });
      },
    };
    this.#self = this.member();
  }

  /** Another member of the group. */
  member(): DecisionStream {
    return new MemoryStreamMember(this.#group);
  }

  async enqueue(decisions: readonly DecisionRecord[]): Promise<void> {
    if (this.#group.unread.length + this.#group.pending.size + decisions.length > this.#maxLength) {
      throw new LottyError("decision_stream_unavailable", "The decision stream is full.");
    }
    for (const decision of decisions) this.#append({ ...decision }, JSON.stringify(decision));
  }

  /** Appends an entry that is no decision. */
  appendMalformed(payload: string): void {
    this.#append({ malformed: "the payload is no decision" }, payload);
  }

  read(max: number, waitMillis: number): Promise<readonly StreamEntry[]> {
    return this.#self.read(max, waitMillis);
  }

  reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry[]> {
    return this.#self.reclaim(max, minIdleMillis);
  }

  acknowledge(ids: readonly string[]): Promise<void> {
    return this.#self.acknowledge(ids);
  }

  setAside(entry: StreamEntry, reason: string): Promise<void> {
    return this.#self.setAside(entry, reason);
  }

  backlog(): Promise<{ readonly unread: number; readonly pending: number }> {
    return this.#self.backlog();
  }

  #list(count: number, after = "0"): readonly DeadLetter[] {
    const last = Number(after);
    if (!Number.isInteger(last)) {
      throw new LottyError("invalid_request", `${JSON.stringify(after)} is not the id of a dead letter.`);
    }
    return [...this.#letters.values()].filter(({ id }) => Number(id) > last).slice(0, count);
  }

  #retry(id: string): RetryOutcome {
    const letter = this.#letters.get(id);
    if (letter === undefined) return "not_found";
    this.#letters.delete(id);
    this.#append(letter.item, letter.payload);
    return "retried";
  }

  #append(item: StoredEntry["item"], payload: string): void {
    this.#group.unread.push({ id: this.#nextId(), item, payload });
    for (const wake of this.#group.waiting) wake();
  }

  #nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }
}

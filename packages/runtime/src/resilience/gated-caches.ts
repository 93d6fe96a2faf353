import {
  LottyError,
  type Assignment,
  type CachedDecision,
  type DecisionCache,
  type RecordQueue,
  type KeptHistory,
  type SubjectHistory,
  type SubjectHistoryCache,
} from "@lotty/domain";
import type { OutageGate } from "./outage-gate.ts";

/** A decision cache behind a gate: while its server is down, it fails at once. */
export class GatedDecisionCache implements DecisionCache {
  readonly #cache: DecisionCache;
  readonly #gate: OutageGate;

  constructor(cache: DecisionCache, gate: OutageGate) {
    this.#cache = cache;
    this.#gate = gate;
  }

  get(key: string): Promise<CachedDecision | undefined> {
    return this.#gate.run(() => this.#cache.get(key), cacheRests);
  }

  set(key: string, entry: CachedDecision, ttlSeconds: number): Promise<void> {
    return this.#gate.run(() => this.#cache.set(key, entry, ttlSeconds), cacheRests);
  }
}

/** A history cache behind a gate: while its server is down, it fails at once. */
export class GatedHistoryCache implements SubjectHistoryCache {
  readonly #cache: SubjectHistoryCache;
  readonly #gate: OutageGate;

  constructor(cache: SubjectHistoryCache, gate: OutageGate) {
    this.#cache = cache;
    this.#gate = gate;
  }

  get(environmentId: string, subjectId: string): Promise<SubjectHistory | undefined> {
    return this.#gate.run(() => this.#cache.get(environmentId, subjectId), cacheRests);
  }

  put(environmentId: string, subjectId: string, kept: KeptHistory): Promise<void> {
    return this.#gate.run(() => this.#cache.put(environmentId, subjectId, kept), cacheRests);
  }

  merge(environmentId: string, subjectId: string, assignments: readonly Assignment[]): Promise<void> {
    return this.#gate.run(() => this.#cache.merge(environmentId, subjectId, assignments), cacheRests);
  }

  remove(environmentId: string, subjectId: string): Promise<void> {
    return this.#gate.run(() => this.#cache.remove(environmentId, subjectId), cacheRests);
  }
}

/** The producing end of a stream behind a gate: while its server is down, or the stream full, it fails at once. */
export class GatedQueue<Item> implements RecordQueue<Item> {
  readonly #queue: RecordQueue<Item>;
  readonly #gate: OutageGate;

  constructor(queue: RecordQueue<Item>, gate: OutageGate) {
    this.#queue = queue;
    this.#gate = gate;
  }

  enqueue(items: readonly Item[]): Promise<void> {
    return this.#gate.run(() => this.#queue.enqueue(items), streamRests);
  }
}

function cacheRests(): LottyError {
  return new LottyError("cache_unavailable", "Redis failed a moment ago and is left alone for now.");
}

function streamRests(): LottyError {
  return new LottyError(
    "decision_stream_unavailable",
    "The decision stream failed a moment ago and is left alone for now.",
  );
}

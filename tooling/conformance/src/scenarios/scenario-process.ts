import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type CachedDecision,
  type DecisionCache,
  type DecisionRecord,
  type Instant,
  type JsonObject,
} from "@lotty/domain";
import { createMemoryCaches } from "@lotty/cache";
import { createDecider, type Decider } from "@lotty/decisions";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot, type Snapshot } from "@lotty/engine";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import type { ScenarioStore } from "../stores/scenario-store.ts";
import { effectiveTtlSeconds, effectiveWriteMode } from "./reference-settings.ts";

/** One write to the decision cache. */
export interface CacheWrite {
  readonly entry: CachedDecision;
  readonly ttlSeconds: number;
}

/** A whole decision flow for one scenario, whose outside can be seen and broken. */
export class ScenarioProcess {
  readonly clock: ManualClock;
  readonly cacheWrites: CacheWrite[] = [];
  readonly enqueued: DecisionRecord[] = [];
  readonly metrics = new RecordingMetrics();
  readonly faults = { enqueue: false, decision_create: false };
  readonly #store: ScenarioStore;
  readonly #cache: DecisionCache;
  readonly #ids = new SequentialIds();
  #decider: Decider | undefined;
  #snapshot: Snapshot | undefined;

  constructor(store: ScenarioStore, startAt: Instant) {
    this.#store = store;
    this.clock = new ManualClock(startAt);
    this.#cache = createMemoryCaches({ clock: this.clock }).decisionCache;
  }

  get decider(): Decider {
    if (this.#decider === undefined) throw new Error("The scenario has no settings yet.");
    return this.#decider;
  }

  get snapshot(): Snapshot {
    if (this.#snapshot === undefined) throw new Error("The scenario has no configuration yet.");
    return this.#snapshot;
  }

  /** Takes over what the store holds now. */
  async reload(): Promise<void> {
    const configuration = await this.#store.source.load(DEFAULT_ENVIRONMENT_ID);
    this.#snapshot = compileSnapshot(configuration, { parseRule });
  }

  /** Decides by these settings from now on. The cache stays. */
  configure(settings: JsonObject): void {
    this.#decider = createDecider({
      snapshots: { current: () => this.snapshot, refresh: async () => this.snapshot },
      history: this.#store.history,
      historyCache: null,
      historyCacheTtlSeconds: 0,
      cache: this.#watchedCache(),
      cacheTtlSeconds: effectiveTtlSeconds(settings["DECISION_RESULT_CACHE_TTL_SECONDS"]),
      recorder: this.#breakableRecorder(),
      queue: { enqueue: (decisions) => this.#enqueue(decisions) },
      writeMode: effectiveWriteMode(settings["DECISION_WRITE_MODE"]),
      clock: this.clock,
      ids: this.#ids,
      metrics: this.metrics,
      logger: new RecordingLogger(),
    });
  }

  /** Puts a foreign entry into the decision cache. */
  async plant(key: string, entry: unknown, ttlSeconds: number): Promise<void> {
    // The point of the step is that the entry has another form than the cache's own.
    await this.#cache.set(key, entry as CachedDecision, ttlSeconds);
  }

  #watchedCache(): DecisionCache {
    return {
      get: (key) => this.#cache.get(key),
      set: async (key, entry, ttlSeconds) => {
        this.cacheWrites.push({ entry, ttlSeconds });
        await this.#cache.set(key, entry, ttlSeconds);
      },
    };
  }

  #breakableRecorder(): ScenarioStore["recorder"] {
    return {
      record: async (request) => {
        if (this.faults.decision_create) throw new LottyError("decision_store_unavailable", "The store is down.");
        return this.#store.recorder.record(request);
      },
    };
  }

  async #enqueue(decisions: readonly DecisionRecord[]): Promise<void> {
    if (this.faults.enqueue) throw new LottyError("decision_stream_unavailable", "The queue is down.");
    this.enqueued.push(...decisions);
  }
}

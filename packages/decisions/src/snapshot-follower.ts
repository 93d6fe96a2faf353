import {
  LottyError,
  MICROS_PER_MILLI,
  type ChangeNotices,
  type Clock,
  type Configuration,
  type ConfigurationKeeper,
  type ConfigurationSource,
  type Instant,
  type Logger,
  type RuleParser,
  type Timer,
} from "@lotty/domain";
import { compileSnapshot, type Snapshot } from "@lotty/engine";
import type { FollowedSnapshots } from "./snapshot-source.ts";

/** What a follower works with. */
export interface SnapshotFollowerOptions {
  readonly environmentId: string;
  readonly source: ConfigurationSource;
  readonly notices: ChangeNotices;
  readonly parseRule: RuleParser;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  /** How often the store is asked for its revision, in case a notice was lost. */
  readonly pollMillis: number;
  /** Keeps what was loaded for a start without the store. */
  readonly keeper?: ConfigurationKeeper;
}

/** Where a snapshot comes from: the store itself, or what a keeper had of it. */
export type SnapshotOrigin = "store" | "keeper";

/**
 * Keeps the compiled configuration of one environment current: notices wake it up, a slow poll catches those that were
 * lost, and the store is the truth. Snapshots are swapped whole; while the store is away the last good one stays.
 */
export class SnapshotFollower implements FollowedSnapshots {
  readonly #options: SnapshotFollowerOptions;
  readonly #stops: (() => unknown)[] = [];
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #snapshot: Snapshot | undefined;
  #configuration: Configuration | undefined;
  #origin: SnapshotOrigin | undefined;
  #checkedAt: Instant | undefined;
  #loading: Promise<void> | undefined;
  /** The newest revision that a notice has told of. */
  #announced = 0;
  #subscribed = false;
  #following = false;

  constructor(options: SnapshotFollowerOptions) {
    this.#options = options;
  }

  /**
   * Loads the first snapshot and starts to follow. May be called again after a failure.
   *
   * @throws LottyError `database_unavailable` when the load fails; following goes on, so that a later one succeeds
   */
  async start(): Promise<void> {
    const { timer, pollMillis } = this.#options;
    if (!this.#following) this.#stops.push(timer.every(pollMillis, () => void this.#poll()));
    this.#following = true;
    if (!this.#subscribed) await this.#subscribe();
    await this.#load();
  }

  /** Whether it has been started. */
  get following(): boolean {
    return this.#following;
  }

  /**
   * Takes over what the keeper has, for a start while the store is away, unless a configuration is there already. The first
   * load from the store replaces it, whatever its revision.
   *
   * @returns whether there is a configuration now
   */
  async recall(): Promise<boolean> {
    const { environmentId, keeper, logger } = this.#options;
    const kept = this.#snapshot === undefined ? await keeper?.recall(environmentId) : undefined;
    // A load may have come first.
    if (this.#snapshot === undefined && kept !== undefined) {
      this.#checkedAt = kept.confirmedAt;
      this.#take(kept.configuration, "keeper");
      logger.warn("configuration_recalled", { revision: this.revision, age_seconds: this.#ageSeconds() });
    }
    return this.#snapshot !== undefined;
  }

  /** Stops following. The snapshot stays usable. */
  async stop(): Promise<void> {
    const stops = this.#stops.splice(0);
    await Promise.allSettled(stops.map((stop) => stop()));
  }

  current(environmentId: string): Snapshot {
    const snapshot = this.#snapshot;
    if (environmentId !== this.#options.environmentId) {
      throw new LottyError("not_found", `No environment with the id ${environmentId} is served here.`);
    }
    if (snapshot === undefined) {
      throw new LottyError("not_ready", "The configuration has not been loaded yet. Try again in a moment.");
    }
    return snapshot;
  }

  configuration(environmentId: string): Configuration {
    const { revision } = this.current(environmentId);
    if (this.#configuration === undefined) {
      throw new LottyError("internal", `The configuration of revision ${revision} is not at hand.`);
    }
    return this.#configuration;
  }

  onChange(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async refresh(environmentId: string): Promise<Snapshot> {
    await this.#poll();
    return this.current(environmentId);
  }

  /** Microseconds since the snapshot was last known to be the newest; `undefined` before the first load. */
  get age(): number | undefined {
    return this.#checkedAt === undefined ? undefined : Math.max(0, this.#options.clock.now() - this.#checkedAt);
  }

  /** Revision of the current snapshot; `undefined` before the first load. */
  get revision(): number | undefined {
    return this.#snapshot?.revision;
  }

  /** Where the current snapshot comes from; `undefined` before the first load. */
  get origin(): SnapshotOrigin | undefined {
    return this.#origin;
  }

  /** Revision of what the store itself gave last. */
  get #storedRevision(): number | undefined {
    return this.#origin === "store" ? this.#snapshot?.revision : undefined;
  }

  async #subscribe(): Promise<void> {
    const { environmentId, logger, notices } = this.#options;
    try {
      const unsubscribe = await notices.subscribe((notice) => {
        if (notice.environmentId !== environmentId || notice.revision <= this.#announced) return;
        this.#announced = notice.revision;
        if (notice.revision > (this.#storedRevision ?? -1)) void this.#loadQuietly();
      });
      this.#stops.push(unsubscribe);
      this.#subscribed = true;
    } catch (error) {
      logger.warn("configuration_notices_unavailable", { error });
    }
  }

  async #poll(): Promise<void> {
    const { clock, environmentId, keeper, logger, source } = this.#options;
    if (!this.#subscribed) await this.#subscribe();
    try {
      const askedAt = clock.now();
      const revision = await source.revision(environmentId);
      if (revision !== this.#storedRevision) return await this.#load();
      this.#checkedAt = askedAt;
      keeper?.confirm(askedAt);
    } catch (error) {
      logger.warn("configuration_refresh_failed", { error, age_seconds: this.#ageSeconds() });
    }
  }

  async #loadQuietly(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      this.#options.logger.warn("configuration_refresh_failed", { error, age_seconds: this.#ageSeconds() });
    }
  }

  /** Loads until what was announced is here. Callers while a load is under way share it. */
  #load(): Promise<void> {
    this.#loading ??= this.#loadUntilCurrent().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadUntilCurrent(): Promise<void> {
    let before: number | undefined;
    do {
      before = this.#storedRevision;
      await this.#loadOnce();
      // A notice may have come while the store was being read. A store that does not get there is left to the poll.
    } while (this.#announced > (this.#storedRevision ?? 0) && this.#storedRevision !== before);
  }

  async #loadOnce(): Promise<void> {
    const { clock, environmentId, keeper, logger, source } = this.#options;
    const startedAt = clock.now();
    const configuration = await source.load(environmentId);
    this.#checkedAt = startedAt;
    if (configuration.revision === this.#storedRevision) return keeper?.confirm(startedAt);
    this.#take(configuration, "store");
    keeper?.keep({ configuration, confirmedAt: startedAt });
    logger.info("configuration_loaded", {
      revision: configuration.revision,
      flags: configuration.flags.length,
      experiments: configuration.experiments.length,
      millis: (clock.now() - startedAt) / MICROS_PER_MILLI,
    });
  }

  #take(configuration: Configuration, origin: SnapshotOrigin): void {
    const { parseRule } = this.#options;
    // A store may have been restored meanwhile: the same revision as in a recalled snapshot need not mean the same.
    const previous = this.#origin === "store" ? this.#snapshot : undefined;
    this.#snapshot = compileSnapshot(configuration, previous === undefined ? { parseRule } : { parseRule, previous });
    this.#origin = origin;
    this.#configuration = configuration;
    for (const listener of this.#listeners) listener(this.#snapshot);
  }

  #ageSeconds(): number | undefined {
    return this.age === undefined ? undefined : this.age / 1_000_000;
  }
}

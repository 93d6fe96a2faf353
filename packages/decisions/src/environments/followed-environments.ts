import {
  DEFAULT_ENVIRONMENT_ID,
  DEFAULT_ENVIRONMENT_KEY,
  ENVIRONMENTS_NOTICE_ID,
  LottyError,
  type ChangeNotice,
  type ChangeNotices,
  type Configuration,
  type Environment,
  type EnvironmentKeeper,
  type EnvironmentStore,
  type Logger,
  type Timer,
} from "@lotty/domain";
import type { Snapshot } from "@lotty/engine";
import type { SnapshotFollower } from "../snapshot-follower.ts";
import type { FollowedSnapshots } from "../snapshot-source.ts";
import type { EnvironmentDirectory } from "./environment-directory.ts";

/** What following environments works with. */
export interface FollowedEnvironmentsOptions {
  readonly environments: Pick<EnvironmentStore, "environments">;
  readonly notices: ChangeNotices;
  readonly timer: Timer;
  readonly logger: Logger;
  /** How often the store is asked which environments there are, in case a notice was lost. */
  readonly pollMillis: number;
  /** Makes the follower of an environment, which follows nothing yet. */
  readonly followerOf: (environmentId: string) => SnapshotFollower;
  /** Whether all environments are followed from the start; else those that {@link FollowedEnvironments.follow} is told. */
  readonly all: boolean;
  /** Keeps which environments there are for a start without the store. */
  readonly keeper?: EnvironmentKeeper;
}

/**
 * Follows the configuration of all environments. The one that exists from the start costs no look-up, so whoever needs no other
 * does not pay for there being others. Notices tell of new ones, a slow poll catches those that were lost.
 */
export class FollowedEnvironments implements FollowedSnapshots, EnvironmentDirectory {
  /** The follower of the environment that exists from the start. */
  readonly production: SnapshotFollower;
  readonly #options: FollowedEnvironmentsOptions;
  readonly #stops: (() => unknown)[] = [];
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #others: ReadonlyMap<string, SnapshotFollower> = new Map();
  #idByKey: ReadonlyMap<string, string> = new Map([[DEFAULT_ENVIRONMENT_KEY, DEFAULT_ENVIRONMENT_ID]]);
  #keyById: ReadonlyMap<string, string> = new Map([[DEFAULT_ENVIRONMENT_ID, DEFAULT_ENVIRONMENT_KEY]]);
  #known = false;
  #polling = false;
  #subscribed = false;
  #last: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(options: FollowedEnvironmentsOptions) {
    this.#options = options;
    this.production = this.#newFollower(DEFAULT_ENVIRONMENT_ID);
  }

  /**
   * Loads the configurations and starts to follow. May be called again after a failure.
   *
   * @throws LottyError `database_unavailable` when a load fails; following goes on, so that a later one succeeds
   */
  async start(): Promise<void> {
    const { pollMillis, timer } = this.#options;
    if (!this.#polling) {
      this.#polling = true;
      this.#stops.push(timer.every(pollMillis, () => void this.#look()));
    }
    await this.#subscribe();
    await this.production.start();
    await this.refreshEnvironments();
  }

  /**
   * Takes over what the keepers have, for a start while the store is away.
   *
   * @returns whether there is a configuration of the environment that exists from the start now
   */
  async recall(): Promise<boolean> {
    const recalled = await this.production.recall();
    const kept = this.#known ? undefined : await this.#options.keeper?.recallEnvironments();
    // A load may have come first.
    if (kept === undefined || this.#known) return recalled;
    const others = kept
      .filter(({ id }) => id !== DEFAULT_ENVIRONMENT_ID)
      .map(({ id }) => [id, this.#newFollower(id)] as const);
    // In place before they have anything, so that a load that comes meanwhile goes on with them.
    this.#take(kept, new Map(others));
    await Promise.all(others.map(([, follower]) => follower.recall()));
    return recalled;
  }

  /** Stops following. The snapshots stay usable. */
  async stop(): Promise<void> {
    const stops = this.#stops.splice(0);
    await Promise.allSettled(stops.map((stop) => stop()));
    await this.#last;
    await Promise.all([this.production, ...this.#others.values()].map((follower) => follower.stop()));
  }

  current(environmentId: string): Snapshot {
    return this.#followerOf(environmentId).current(environmentId);
  }

  configuration(environmentId: string): Configuration {
    return this.#followerOf(environmentId).configuration(environmentId);
  }

  refresh(environmentId: string): Promise<Snapshot> {
    return this.#followerOf(environmentId).refresh(environmentId);
  }

  onChange(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  idOf(key: string): string | undefined {
    return this.#idByKey.get(key);
  }

  keyOf(id: string): string | undefined {
    return this.#keyById.get(id);
  }

  /** The followers at work by the keys of their environments; the one that exists from the start comes first. */
  followers(): ReadonlyMap<string, SnapshotFollower> {
    const others = [...this.#others].map(([id, follower]) => [this.keyOf(id) ?? id, follower] as const);
    return new Map([[DEFAULT_ENVIRONMENT_KEY, this.production], ...others]);
  }

  /**
   * Follows an environment by its key, where not all are followed.
   *
   * @returns its id
   * @throws LottyError `not_found` when there is none; `database_unavailable`
   */
  async follow(key: string): Promise<string> {
    const id = this.idOf(key);
    if (id === undefined) throw new LottyError("not_found", `There is no environment ${key}.`);
    if (id === DEFAULT_ENVIRONMENT_ID || this.#others.has(id)) return id;
    const follower = this.#newFollower(id);
    await follower.start();
    this.#others = new Map(this.#others).set(id, follower);
    return id;
  }

  /** Whoever asks while they are being read needs a look that begins after the question; all of them share it. */
  refreshEnvironments(): Promise<void> {
    this.#queued ??= this.#last.then(() => {
      this.#queued = undefined;
      const refresh = this.#refreshNow();
      this.#last = refresh.catch(() => undefined);
      return refresh;
    });
    return this.#queued;
  }

  #followerOf(environmentId: string): SnapshotFollower {
    if (environmentId === DEFAULT_ENVIRONMENT_ID) return this.production;
    const follower = this.#others.get(environmentId);
    if (follower !== undefined) return follower;
    throw new LottyError("not_found", "There is no such environment, or it is archived.", {
      details: { environmentId },
    });
  }

  #newFollower(environmentId: string): SnapshotFollower {
    const follower = this.#options.followerOf(environmentId);
    follower.onChange((snapshot) => {
      for (const listener of this.#listeners) listener(snapshot);
    });
    return follower;
  }

  async #subscribe(): Promise<void> {
    const { logger, notices } = this.#options;
    if (this.#subscribed) return;
    this.#subscribed = true;
    try {
      this.#stops.push(await notices.subscribe((notice) => this.#hear(notice)));
    } catch (error) {
      this.#subscribed = false;
      logger.warn("environment_notices_unavailable", { error });
    }
  }

  #hear({ environmentId }: ChangeNotice): void {
    // A notice of an environment that is not known yet stands for one of it that was lost.
    if (environmentId === ENVIRONMENTS_NOTICE_ID || !this.#keyById.has(environmentId)) void this.#look();
  }

  async #look(): Promise<void> {
    await this.#subscribe();
    try {
      await this.refreshEnvironments();
    } catch (error) {
      this.#options.logger.warn("environments_not_loaded", { error });
    }
  }

  async #refreshNow(): Promise<void> {
    const { all, environments, keeper } = this.#options;
    const inUse = (await environments.environments()).filter(({ archivedAt }) => archivedAt === null);
    const followers = await Promise.all(
      inUse
        .filter(({ id }) => id !== DEFAULT_ENVIRONMENT_ID && (all || this.#others.has(id)))
        .map(async ({ id }) => [id, await this.#begun(id)] as const),
    );
    this.#known = true;
    this.#take(inUse, new Map(followers));
    keeper?.keepEnvironments(inUse);
  }

  /** The follower of an environment, at work. One whose first load fails goes on trying by itself. */
  async #begun(id: string): Promise<SnapshotFollower> {
    const follower = this.#others.get(id) ?? this.#newFollower(id);
    if (follower.following) return follower;
    try {
      await follower.start();
    } catch (error) {
      this.#options.logger.warn("configuration_refresh_failed", { error, environment_id: id });
    }
    return follower;
  }

  #take(environments: readonly Environment[], others: ReadonlyMap<string, SnapshotFollower>): void {
    for (const [id, follower] of this.#others) if (!others.has(id)) void follower.stop();
    this.#others = others;
    this.#idByKey = new Map(environments.map(({ id, key }) => [key, id]));
    this.#keyById = new Map(environments.map(({ id, key }) => [id, key]));
  }
}

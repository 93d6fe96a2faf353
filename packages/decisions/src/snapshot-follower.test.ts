import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type ChangeNotice,
  type ChangeNotices,
  type Configuration,
  type ConfigurationSource,
} from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { MemoryConfigurationKeeper } from "@lotty/testkit/fakes/memory-configuration-keeper";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { SnapshotFollower } from "./snapshot-follower.ts";

class EditableSource implements ConfigurationSource {
  current = 1;
  loads = 0;
  failure: Error | undefined;
  /** Runs while a load reads the store. */
  duringLoad: () => void = () => {};

  async load(environmentId: string): Promise<Configuration> {
    if (this.failure !== undefined) throw this.failure;
    this.loads += 1;
    const revision = this.current;
    this.duringLoad();
    await Promise.resolve();
    return { environmentId, revision, flags: [], experiments: [], domains: [], segments: [] };
  }

  async revision(): Promise<number> {
    if (this.failure !== undefined) throw this.failure;
    return this.current;
  }
}

class LocalNotices implements ChangeNotices {
  readonly listeners = new Set<(notice: ChangeNotice) => void>();
  failure: Error | undefined;

  async publish(notice: ChangeNotice): Promise<void> {
    for (const listener of this.listeners) listener(notice);
  }

  async subscribe(listener: (notice: ChangeNotice) => void): Promise<() => Promise<void>> {
    if (this.failure !== undefined) throw this.failure;
    this.listeners.add(listener);
    return async () => void this.listeners.delete(listener);
  }
}

const environmentId = DEFAULT_ENVIRONMENT_ID;
const away = new LottyError("database_unavailable", "Away.");
let source: EditableSource;
let notices: LocalNotices;
let timer: ManualTimer;
let clock: ManualClock;
let logger: RecordingLogger;
let keeper: MemoryConfigurationKeeper;
let follower: SnapshotFollower;

function followerNow(): SnapshotFollower {
  return new SnapshotFollower({
    environmentId,
    source,
    notices,
    parseRule: parseGeneratedRule,
    clock,
    timer,
    logger,
    keeper,
    pollMillis: 5_000,
  });
}

beforeEach(() => {
  source = new EditableSource();
  notices = new LocalNotices();
  timer = new ManualTimer();
  clock = new ManualClock(TEST_NOW);
  logger = new RecordingLogger();
  keeper = new MemoryConfigurationKeeper();
  follower = followerNow();
});

describe("a follower", () => {
  test("has nothing to give before the first load", () => {
    expect(() => follower.current(environmentId)).toThrow(expect.objectContaining({ code: "not_ready" }));
    expect(() => follower.current("other")).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("takes a new revision over when a notice tells of it", async () => {
    await follower.start();
    expect(follower.revision).toBe(1);
    source.current = 2;
    await notices.publish({ environmentId, revision: 2 });
    await vi.waitFor(() => expect(follower.revision).toBe(2));
  });

  test("does not read the store for notices of what it has, or of other environments", async () => {
    await follower.start();
    await notices.publish({ environmentId, revision: 1 });
    await notices.publish({ environmentId: "other", revision: 9 });
    await follower.refresh(environmentId);
    expect(source.loads).toBe(1);
  });

  test("finds a change whose notice was lost by asking for the revision", async () => {
    await follower.start();
    source.current = 2;
    timer.fire();
    await vi.waitFor(() => expect(follower.revision).toBe(2));
  });

  test("loads again when a change comes while it is loading", async () => {
    source.duringLoad = () => {
      source.duringLoad = () => {};
      source.current = 2;
      void notices.publish({ environmentId, revision: 2 });
    };
    await follower.start();
    await vi.waitFor(() => expect(follower.revision).toBe(2));
  });

  test("keeps the last good snapshot while the store is away, and knows its age", async () => {
    await follower.start();
    source.failure = away;
    clock.advance(7_000_000);
    timer.fire();
    await vi.waitFor(() => expect(logger.events).toContain("configuration_refresh_failed"));
    expect(follower.current(environmentId).revision).toBe(1);
    expect(follower.age).toBe(7_000_000);
    source.failure = undefined;
    await follower.refresh(environmentId);
    expect(follower.age).toBe(0);
  });

  test("becomes ready by itself when the store was away at the start", async () => {
    source.failure = away;
    await expect(follower.start()).rejects.toMatchObject({ code: "database_unavailable" });
    source.failure = undefined;
    timer.fire();
    await vi.waitFor(() => expect(follower.revision).toBe(1));
  });

  test("subscribes later when the channel was away at the start", async () => {
    notices.failure = away;
    await follower.start();
    notices.failure = undefined;
    timer.fire();
    await vi.waitFor(() => expect(notices.listeners.size).toBe(1));
    timer.fire();
    await follower.refresh(environmentId);
    expect(notices.listeners.size).toBe(1);
  });

  test("leaves nothing running when it is stopped", async () => {
    await follower.start();
    await follower.stop();
    expect(notices.listeners.size).toBe(0);
    expect(timer.tasks).toBe(0);
    expect(follower.current(environmentId).revision).toBe(1);
  });
});

describe("a follower that starts while the store is away", () => {
  /** Lets an earlier process follow for a while, then takes the store away. */
  async function afterAnEarlierProcess(): Promise<void> {
    await follower.start();
    await follower.stop();
    clock.advance(60_000_000);
    source.failure = away;
    follower = followerNow();
  }

  test("has nothing when nothing was kept", async () => {
    expect(await follower.recall()).toBe(false);
    expect(follower.origin).toBeUndefined();
    expect(() => follower.current(environmentId)).toThrow(expect.objectContaining({ code: "not_ready" }));
  });

  test("takes over what was kept, with its age", async () => {
    await afterAnEarlierProcess();
    expect(await follower.recall()).toBe(true);
    expect(follower.current(environmentId).revision).toBe(1);
    expect(follower.origin).toBe("keeper");
    expect(follower.age).toBe(60_000_000);
    expect(logger.events).toContain("configuration_recalled");
  });

  test("counts the age from the last time at which the store confirmed what was kept", async () => {
    await follower.start();
    clock.advance(30_000_000);
    await follower.refresh(environmentId);
    await afterAnEarlierProcess();
    await follower.recall();
    expect(follower.age).toBe(60_000_000);
  });

  test("stays with it while the store stays away, and follows the store once it is back", async () => {
    await afterAnEarlierProcess();
    await follower.recall();
    await expect(follower.start()).rejects.toMatchObject({ code: "database_unavailable" });
    expect(follower.current(environmentId).revision).toBe(1);
    source.failure = undefined;
    source.current = 2;
    timer.fire();
    await vi.waitFor(() => expect(follower.revision).toBe(2));
    expect([follower.origin, follower.age]).toEqual(["store", 0]);
    expect(await keeper.recall(environmentId)).toMatchObject({ configuration: { revision: 2 } });
  });

  test("replaces it by what the store has under the same revision, or under an older one after a restore", async () => {
    for (const revision of [1, 0]) {
      source.failure = undefined;
      source.current = 1;
      follower = followerNow();
      await afterAnEarlierProcess();
      await follower.recall();
      const recalled = follower.current(environmentId);
      source.failure = undefined;
      source.current = revision;
      await follower.start();
      expect(follower.current(environmentId)).not.toBe(recalled);
      expect([follower.origin, follower.revision]).toEqual(["store", revision]);
    }
  });

  test("does not fall back to what was kept when the store was there", async () => {
    await follower.start();
    keeper.keep({
      configuration: { environmentId, revision: 9, flags: [], experiments: [], domains: [], segments: [] },
      confirmedAt: 0,
    });
    expect(await follower.recall()).toBe(true);
    expect([follower.origin, follower.revision]).toEqual(["store", 1]);
  });

  test("tells its listeners of every new snapshot once it is the current one, until they go", async () => {
    const told: [number, number][] = [];
    const stop = follower.onChange(({ revision }) => told.push([revision, follower.current(environmentId).revision]));
    await follower.start();
    source.current = 2;
    await follower.refresh(environmentId);
    await follower.refresh(environmentId);
    expect(told).toEqual([
      [1, 1],
      [2, 2],
    ]);
    stop();
    source.current = 3;
    await follower.refresh(environmentId);
    expect(told).toHaveLength(2);
  });

  test("gives what its snapshot was made of", async () => {
    expect(() => follower.configuration(environmentId)).toThrow(expect.objectContaining({ code: "not_ready" }));
    await follower.start();
    source.current = 2;
    await follower.refresh(environmentId);
    expect(follower.configuration(environmentId)).toMatchObject({ environmentId, revision: 2 });
  });
});

import {
  DEFAULT_ENVIRONMENT_ID,
  ENVIRONMENTS_NOTICE_ID,
  LottyError,
  type ChangeNotice,
  type Environment,
  type EnvironmentKeeper,
} from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { MemoryConfigurationKeeper } from "@lotty/testkit/fakes/memory-configuration-keeper";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SnapshotFollower } from "../snapshot-follower.ts";
import { FollowedEnvironments } from "./followed-environments.ts";

const PRODUCTION: Environment = { id: DEFAULT_ENVIRONMENT_ID, key: "production", createdAt: 0, archivedAt: null };
const STAGING: Environment = { id: "s", key: "staging", createdAt: 1, archivedAt: null };

let store: MemoryDecisionStore;
let all: readonly Environment[];
let failure: LottyError | undefined;
let timer: ManualTimer;
let listeners: Set<(notice: ChangeNotice) => void>;
let kept: readonly Environment[] | undefined;
let keepers: MemoryConfigurationKeeper;

beforeEach(() => {
  store = new MemoryDecisionStore();
  all = [PRODUCTION, STAGING];
  failure = undefined;
  timer = new ManualTimer();
  listeners = new Set();
  kept = undefined;
  keepers = new MemoryConfigurationKeeper();
});

function followed(followsAll = true): FollowedEnvironments {
  const clock = new ManualClock(TEST_NOW);
  const logger = new RecordingLogger();
  const notices = {
    publish: () => Promise.resolve(),
    subscribe: (listener: (notice: ChangeNotice) => void) => {
      listeners.add(listener);
      return Promise.resolve(() => Promise.resolve(void listeners.delete(listener)));
    },
  };
  const keeper: EnvironmentKeeper = {
    keepEnvironments: (environments) => {
      kept = environments;
    },
    recallEnvironments: () => Promise.resolve(kept),
  };
  const source = {
    load: async (id: string) => {
      if (failure !== undefined) throw failure;
      return store.load(id);
    },
    revision: (id: string) => store.revision(id),
  };
  return new FollowedEnvironments({
    environments: {
      environments: async () => {
        if (failure !== undefined) throw failure;
        return all;
      },
    },
    notices,
    timer,
    logger,
    pollMillis: 1,
    all: followsAll,
    keeper,
    followerOf: (environmentId) =>
      new SnapshotFollower({
        environmentId,
        source,
        notices,
        timer,
        clock,
        logger,
        parseRule: parseGeneratedRule,
        pollMillis: 1,
        keeper: keepers,
      }),
  });
}

function tell(notice: ChangeNotice): void {
  for (const listener of listeners) listener(notice);
}

const news: ChangeNotice = { environmentId: ENVIRONMENTS_NOTICE_ID, revision: 0 };

describe("FollowedEnvironments", () => {
  it("has the configuration of each environment, and tells of changes in all of them", async () => {
    const environments = followed();
    await environments.start();
    expect(environments.idOf("staging")).toBe("s");
    expect(environments.keyOf("s")).toBe("staging");
    expect([...environments.followers().keys()]).toEqual(["production", "staging"]);
    const heard: string[] = [];
    environments.onChange(({ environmentId, revision }) => heard.push(`${environmentId} ${revision}`));
    tell({ environmentId: "s", revision: await store.apply("s", {}, 0) });
    await vi.waitFor(() => expect(heard).toEqual(["s 1"]));
    expect(environments.current("s").revision).toBe(1);
    expect(environments.current(DEFAULT_ENVIRONMENT_ID).revision).toBe(0);
    await environments.stop();
    expect([listeners.size, timer.tasks]).toEqual([0, 0]);
  });

  it("hears of new environments and forgets archived ones, by notice, by an unknown id, and by looking", async () => {
    const environments = followed();
    all = [PRODUCTION];
    await environments.start();
    expect(() => environments.current("s")).toThrow(expect.objectContaining({ code: "not_found" }));
    all = [PRODUCTION, STAGING];
    tell(news);
    await vi.waitFor(() => expect(environments.current("s").revision).toBe(0));
    all = [PRODUCTION, { ...STAGING, archivedAt: 2 }];
    timer.fire();
    await vi.waitFor(() => expect(environments.idOf("staging")).toBeUndefined());
    expect(() => environments.current("s")).toThrow(expect.objectContaining({ code: "not_found" }));
    all = [PRODUCTION, STAGING];
    tell({ environmentId: "s", revision: 1 });
    await vi.waitFor(() => expect(environments.idOf("staging")).toBe("s"));
  });

  it("goes on by what was kept while the store is away, and follows once it is back", async () => {
    const before = followed();
    await before.start();
    await before.stop();
    failure = new LottyError("database_unavailable", "Away.");
    const environments = followed();
    await expect(environments.start()).rejects.toThrow("Away.");
    expect(await environments.recall()).toBe(true);
    expect(environments.current("s").revision).toBe(0);
    expect(environments.idOf("staging")).toBe("s");
    failure = undefined;
    await environments.start();
    tell({ environmentId: "s", revision: await store.apply("s", {}, 0) });
    await vi.waitFor(() => expect(environments.current("s").revision).toBe(1));
  });

  it("follows only what it is told to, where that is enough", async () => {
    const environments = followed(false);
    await environments.start();
    expect(() => environments.current("s")).toThrow(expect.objectContaining({ code: "not_found" }));
    expect(await environments.follow("staging")).toBe("s");
    expect(environments.current("s").revision).toBe(0);
    expect(await environments.follow("production")).toBe(DEFAULT_ENVIRONMENT_ID);
    await expect(environments.follow("nowhere")).rejects.toMatchObject({ code: "not_found" });
  });
});

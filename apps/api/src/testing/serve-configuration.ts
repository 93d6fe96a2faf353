import { auditLinker } from "@lotty/control-plane";
import {
  createDecider,
  createDecisionRecords,
  FollowedEnvironments,
  SharedLoads,
  SnapshotFollower,
} from "@lotty/decisions";
import { planChange, readDefinitions } from "@lotty/definitions";
import { type ChangeNotice, DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { systemClock, systemTimer, Uuid7Source } from "@lotty/runtime";
import { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { memoryRecords } from "@lotty/testkit/fakes/memory-records";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { EventStreams } from "../routes/stream/event-streams.ts";
import { type ServedForTest, serveForTest, type ServeForTestOptions } from "./serve-for-test.ts";

/** The API on a configuration in memory. */
export interface ServedConfiguration extends ServedForTest {
  readonly store: MemoryDecisionStore;
  readonly snapshots: FollowedEnvironments;
  /** What environments there are. */
  readonly controlStore: MemoryControlPlaneStore;
  readonly streams: EventStreams;
  readonly logger: RecordingLogger;
  /** Replaces the configuration by what a file of definitions says, and tells the server. */
  change(definitions: string): Promise<number>;
  /** Tells the server that somebody has changed the configuration. */
  notice(revision: number, environmentId?: string): void;
  /** As {@link change}, but nobody tells the server. */
  changeUnnoticed(definitions: string): Promise<number>;
}

/** What differs between tests. */
export type ServeConfigurationOptions = Partial<Omit<ServeForTestOptions, "logger" | "snapshots" | "streams">> & {
  readonly maxStreams?: number;
};

/** Serves the API as it is, with real decisions on definitions that a test writes down. */
export async function serveConfiguration(
  definitions: string,
  { maxStreams = 1_000, ...options }: ServeConfigurationOptions = {},
): Promise<ServedConfiguration> {
  const store = new MemoryDecisionStore();
  const logger = new RecordingLogger();
  const ids = new Uuid7Source();
  const listeners = new Set<(notice: ChangeNotice) => void>();
  const notice = (revision: number, environmentId = DEFAULT_ENVIRONMENT_ID): void => {
    for (const listener of listeners) listener({ environmentId, revision });
  };
  const controlStore = new MemoryControlPlaneStore(store);
  controlStore.onNotice = ({ environmentId, revision }) => notice(revision, environmentId);
  const change = async (text: string): Promise<number> => {
    const revision = await writeDefinitions(store, ids, text);
    notice(revision);
    return revision;
  };
  await change(definitions);
  const following = {
    notices: {
      publish: () => Promise.resolve(),
      subscribe: async (listener: (heard: ChangeNotice) => void) => {
        listeners.add(listener);
        return async () => void listeners.delete(listener);
      },
    },
    clock: systemClock,
    timer: systemTimer,
    logger,
    pollMillis: 60_000,
  };
  const snapshots = new FollowedEnvironments({
    ...following,
    environments: controlStore,
    all: true,
    followerOf: (environmentId) => new SnapshotFollower({ ...following, environmentId, source: store, parseRule }),
  });
  await snapshots.start();
  const streams = new EventStreams({ maxStreams, timer: systemTimer });
  snapshots.onChange((snapshot) => streams.publish(snapshot));
  const decider = createDecider({
    snapshots,
    history: store.history,
    historyCache: null,
    historyCacheTtlSeconds: 0,
    cache: null,
    cacheTtlSeconds: 0,
    recorder: store,
    queue: null,
    writeMode: "sync",
    metrics: new RecordingMetrics(),
    clock: systemClock,
    ids,
    logger,
  });
  const records = createDecisionRecords({
    ...memoryRecords(store),
    snapshots,
    history: store.history,
    parseRule,
    cacheTtlSeconds: 0,
    clock: systemClock,
    audit: auditLinker(ids),
    memory: { historyCache: null, historyLoads: new SharedLoads(), outageHistory: null },
  });
  const server = await serveForTest({
    decider,
    records,
    ...options,
    logger,
    snapshots,
    environments: snapshots,
    streams,
  });
  return {
    ...server,
    store,
    controlStore,
    snapshots,
    streams,
    logger,
    change,
    notice,
    changeUnnoticed: (text) => writeDefinitions(store, ids, text),
    async close(drainMillis) {
      streams.drain();
      await server.close(drainMillis);
      await snapshots.stop();
    },
  };
}

async function writeDefinitions(store: MemoryDecisionStore, ids: Uuid7Source, text: string): Promise<number> {
  const reading = readDefinitions(text, { fileName: "test.yaml" });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const current = await store.load(DEFAULT_ENVIRONMENT_ID);
  const now = systemClock.now();
  const { change } = planChange(reading.definitions, current, { now, newId: () => ids.next(now) });
  return store.apply(DEFAULT_ENVIRONMENT_ID, change, current.revision);
}

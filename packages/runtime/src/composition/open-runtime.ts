import type { Config } from "@lotty/config";
import { auditLinker } from "@lotty/control-plane";
import {
  createDecider,
  createDecisionRecords,
  FollowedEnvironments,
  SharedLoads,
  SnapshotFollower,
  type Decider,
  type DecisionRecords,
  type SubjectMemory,
} from "@lotty/decisions";
import type { AuditLinker, ChangeNotices, Timer } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { createMeter } from "@lotty/metrics";
import type { Storage } from "@lotty/persistence";
import { Health } from "../health/health.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import { GatedHistorySource } from "../resilience/gated-history-source.ts";
import { systemClock } from "../system/system-clock.ts";
import { systemTimer } from "../system/system-timer.ts";
import { Uuid7Source } from "../system/uuid7-source.ts";
import { checkEventStream, checkStream } from "./check-stream.ts";
import { ClosingList } from "./closing-list.ts";
import { openCaches, type Caches } from "./open-caches.ts";
import { openCatalogue, openIntake } from "./open-intake.ts";
import { openKeepers, type Keepers } from "./open-keeper.ts";
import { openOutage } from "./open-outage.ts";
import { openStorage } from "./open-storage.ts";
import type { OutageParts, Runtime, RuntimeOptions } from "./runtime.ts";
import { showState } from "./show-state.ts";
import { resumable, startSteps } from "./start-steps.ts";
import { startUp } from "./start-up.ts";

/**
 * Puts a process together from its configuration: database, caches, configuration in memory, decisions.
 *
 * An `api` or a `worker` migrates the database; while it is away they open all the same, not ready, and carry the start on
 * in the background (see {@link Runtime.ready}). An `api` for which an earlier one has kept the last good configuration
 * decides by that, ready. A `cli` migrates an embedded database only. A Redis that is away is used
 * once it comes; by an `api` in `async` mode after it has told that queued decisions are safe.
 *
 * Change notices take the database's own channel, with Redis or without: they are sent in the transaction of the change, by
 * processes that know no Redis as well, and do not fail when Redis does.
 *
 * @throws LottyError `invalid_configuration`, `data_directory_in_use`, `schema_mismatch`; for a `cli` also
 * `database_unavailable`
 */
export async function openRuntime(config: Config, options: RuntimeOptions): Promise<Runtime> {
  const closing = new ClosingList();
  try {
    return await open(config, options, closing);
  } catch (error) {
    // The failure that ends the start matters more than one of the clearing up.
    await closing.close().catch(() => undefined);
    throw error;
  }
}

/** What a process works with before the database and the caches are there. */
type Basis = Required<Omit<RuntimeOptions, "prepare">>;

async function open(config: Config, options: RuntimeOptions, closing: ClosingList): Promise<Runtime> {
  const basis: Basis = {
    metrics: createMetrics(),
    clock: systemClock,
    timer: systemTimer,
    ids: new Uuid7Source(),
    ...options,
  };
  const { logger, role } = basis;
  const opened = await openCaches(config, basis);
  closing.add(() => opened.redis?.close());
  const caches =
    role === "api"
      ? {
          ...opened,
          queue: await checkStream(config, opened, logger),
          eventQueue: await checkEventStream(config, opened, logger),
        }
      : opened;
  const storage = await openStorage(config.database, logger);
  closing.add(() => storage.close());
  const outage = openOutage(config, storage, { ...basis, events: basis.metrics.events });
  closing.add(() => outage?.close());
  const keepers = openKeepers(config, role, logger);
  closing.add(() => keepers?.close());
  const snapshots = followEnvironments(config, { storage, keepers }, basis);
  const catalogue = openCatalogue({ storage, snapshots, keeper: keepers?.eventTypes ?? null, logger });
  closing.add(() => snapshots.stop());

  const ready = await begin(resumable(startSteps({ ...basis, storage, snapshots, closing }, options)), basis, closing);
  const health = new Health();
  ready.done.then(
    () => health.started(),
    () => undefined,
  );
  // A start that was put off goes on with what an earlier process has kept.
  if (keepers !== null && (await snapshots.recall())) health.started();
  const parts: DeciderParts = {
    basis,
    caches,
    snapshots,
    storage,
    outage: outage?.decisions ?? null,
    historyLoads: new SharedLoads(),
    audit: auditLinker(basis.ids),
  };
  const runtime: Runtime = {
    ...basis,
    audit: parts.audit,
    config,
    health,
    storage,
    outage: parts.outage,
    eventOutage: outage?.events ?? null,
    redis: caches.redis,
    snapshots,
    decider: wireDecider(config, parts),
    measures: storage.measures(createMeter),
    records: wireRecords(config, parts),
    intake: openIntake(config, {
      ...basis,
      storage,
      catalogue,
      spooling: outage?.events?.spooling.recorder ?? null,
      queue: role === "api" ? caches.eventQueue : null,
    }),
    ready: ready.done,
    close: () => closing.close(),
  };
  showState(runtime);
  outage?.start();
  return runtime;
}

/** Makes the first attempt to start. Wrapped, because awaiting a promise of a promise would wait for both. */
async function begin(
  attempt: () => Promise<void>,
  { logger, role }: Basis,
  closing: ClosingList,
): Promise<{ readonly done: Promise<void> }> {
  if (role === "cli") {
    await attempt();
    return { done: Promise.resolve() };
  }
  const abort = new AbortController();
  closing.add(() => abort.abort());
  const { attempted, done } = startUp(attempt, { logger, signal: abort.signal });
  await attempted;
  return { done };
}

interface FollowedParts {
  readonly storage: Storage;
  readonly keepers: Keepers | null;
}

function followEnvironments(config: Config, { storage, keepers }: FollowedParts, basis: Basis): FollowedEnvironments {
  const { clock, logger, role } = basis;
  const pollMillis = config.configurationPollSeconds * 1_000;
  // A command is over before it would hear of a change.
  const isBrief = role === "cli";
  const notices = isBrief ? NO_NOTICES : storage.notices;
  const timer = isBrief ? NO_TIMER : basis.timer;
  return new FollowedEnvironments({
    environments: storage.control.environments,
    all: !isBrief,
    notices,
    timer,
    logger,
    pollMillis,
    followerOf: (environmentId) =>
      new SnapshotFollower({
        environmentId,
        source: storage.configuration,
        notices,
        timer,
        pollMillis,
        parseRule,
        clock,
        logger,
        ...(keepers !== null && { keeper: keepers.configuration() }),
      }),
    ...(keepers !== null && { keeper: keepers.environments }),
  });
}

const NO_NOTICES: ChangeNotices = {
  publish: () => Promise.resolve(),
  subscribe: () => Promise.resolve(() => Promise.resolve()),
};

const NO_TIMER: Timer = { every: () => () => undefined };

interface DeciderParts {
  readonly basis: Basis;
  readonly caches: Caches;
  readonly snapshots: FollowedEnvironments;
  readonly storage: Storage;
  readonly outage: OutageParts | null;
  readonly audit: AuditLinker;
  /** Shared, so that a subject that is erased is forgotten by decisions on their way. */
  readonly historyLoads: SubjectMemory["historyLoads"];
}

function wireDecider(config: Config, parts: DeciderParts): Decider {
  const { basis, caches, historyLoads, snapshots, storage, outage } = parts;
  const { role, clock, ids, logger, metrics } = basis;
  const { attributes, writeMode, resultCacheTtlSeconds, historyCacheTtlSeconds } = config.decisions;
  return createDecider({
    snapshots,
    recorder: outage?.spooling.recorder ?? storage.recorder,
    history: new GatedHistorySource(storage.history),
    outageHistory: outage?.spooling.histories ?? null,
    cache: caches.decisionCache,
    cacheTtlSeconds: resultCacheTtlSeconds,
    historyCache: caches.historyCache,
    historyCacheTtlSeconds,
    historyLoads,
    queue: caches.queue,
    // Only the API has made sure that the stream is safe.
    writeMode: writeMode === "async" && role !== "api" ? "sync" : writeMode,
    attributes,
    guessesHistories: true,
    metrics: metrics.decisions,
    clock,
    ids,
    logger,
  });
}

function wireRecords(config: Config, parts: DeciderParts): DecisionRecords {
  const { audit, basis, caches, historyLoads, outage, snapshots, storage } = parts;
  const { configurationHistory, eraser, history, log, past, recordedAttributes } = storage;
  return createDecisionRecords({
    log,
    past,
    recordedAttributes,
    configurationHistory,
    eraser,
    history,
    snapshots,
    parseRule,
    cacheTtlSeconds: config.decisions.resultCacheTtlSeconds,
    memory: { historyCache: caches.historyCache, historyLoads, outageHistory: outage?.spooling.histories ?? null },
    clock: basis.clock,
    audit,
  });
}

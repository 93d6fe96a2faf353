import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Config, ListenAddress } from "@lotty/config";
import { LottyError, type Logger } from "@lotty/domain";
import { createJobRunner, openRuntime, startOperationsServer, type HealthCheck, type Runtime } from "@lotty/runtime";
import { Drain } from "./drain.ts";
import { eventSink } from "./event-sink.ts";
import { watchStrays } from "./stray-watch.ts";
import { createEventDrainMetrics, createWorkerMetrics, exposeBacklog, type WorkerMetrics } from "./worker-metrics.ts";

/** A worker that runs. */
export interface Worker {
  /** Where health and metrics are served. */
  readonly address: ListenAddress;
  /** Resolves when the database was ready and the work has begun; rejects when it never can. */
  readonly working: Promise<void>;
  /** Finishes the batches in hand, then lets go of everything. */
  stop(): Promise<void>;
}

/** Drains per process: while some read, others write, so that neither Redis nor Postgres waits for the other. */
const DRAINS = 4;

/** Drains of events per process: their batches are larger work. */
const EVENT_DRAINS = 2;

/** Decisions or events of one transaction on Postgres. */
const BATCH_SIZE = 1_000;

/** On an embedded database, which stops the event loop while it writes. */
const EMBEDDED_BATCH_SIZE = 100;

type Redis = NonNullable<Runtime["redis"]>;

/**
 * Starts a worker. While the database is away it runs, not ready, and begins when it comes.
 *
 * @throws LottyError `invalid_configuration`, `address_in_use`, and what opening the runtime throws
 */
export async function startWorker(config: Config, logger: Logger): Promise<Worker> {
  if (config.redis === null) {
    throw new LottyError(
      "invalid_configuration",
      "The worker drains the decision stream, which needs Redis: set REDIS_URL",
    );
  }
  const runtime = await openRuntime(config, { role: "worker", logger });
  try {
    return await run(runtime, config.worker);
  } catch (error) {
    await runtime.close().catch(() => undefined);
    throw error;
  }
}

async function run(runtime: Runtime, listenOn: ListenAddress): Promise<Worker> {
  const { health, logger, redis } = runtime;
  if (redis === null) throw new LottyError("internal", "A runtime with Redis in its configuration has no Redis.");
  const metrics = createWorkerMetrics(runtime.metrics.registry);
  // Never the name of a worker before: its entries would look like this one's own.
  const name = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const drains = [...openDrains(runtime, redis, { metrics, name }), ...openEventDrains(runtime, redis, name)];
  health.add(drainCheck(drains));

  const { registry } = runtime.metrics;
  const server = await startOperationsServer({ address: listenOn, health, registry, logger });
  logger.info("worker_listening", { host: server.address.host, port: server.address.port });

  const jobs = createJobRunner(runtime);
  let stopped = false;
  let stopWatching = (): void => undefined;
  const working = runtime.ready.then(() => {
    if (stopped) return;
    stopWatching = watchStrays({ ...runtime, metrics, partitions: runtime.storage.partitions });
    for (const drain of drains) drain.start();
    jobs.start();
    logger.info("worker_started", { drains: drains.length, storage: runtime.storage.location });
  });
  return {
    address: server.address,
    working,
    stop: async () => {
      stopped = true;
      health.stopping();
      stopWatching();
      await Promise.all([jobs.stop(), ...drains.map((drain) => drain.stop())]);
      await server.close();
      await runtime.close();
    },
  };
}

/** What drains of all kinds can be asked. */
type AnyDrain = Pick<Drain<unknown>, "start" | "stop" | "interruption">;

interface Draining {
  readonly metrics: WorkerMetrics;
  /** Of the member of the group that this process is. */
  readonly name: string;
}

function openDrains(runtime: Runtime, redis: Redis, { metrics, name }: Draining): readonly AnyDrain[] {
  const { logger, storage } = runtime;
  const batchSize = batchSizeOf(runtime);
  const streams = Array.from({ length: DRAINS }, (_, index) => redis.stream(`${name}-${index}`));
  const [observer] = streams;
  if (observer !== undefined) {
    exposeBacklog(runtime.metrics.registry, {
      of: "decisions",
      backlog: () => observer.backlog(),
      deadLetters: () => redis.deadLetters.size(),
    });
  }
  return streams.map((stream) => new Drain({ stream, sink: storage.sink, metrics, logger, batchSize }));
}

function openEventDrains(runtime: Runtime, redis: Redis, name: string): readonly AnyDrain[] {
  const { logger, storage } = runtime;
  const { events, registry } = runtime.metrics;
  const streams = Array.from({ length: EVENT_DRAINS }, (_, index) => redis.eventStream(`${name}-${index}`));
  const [observer] = streams;
  if (observer !== undefined) {
    exposeBacklog(registry, {
      of: "events",
      backlog: () => observer.backlog(),
      deadLetters: () => redis.eventDeadLetters.size(),
    });
  }
  const sink = eventSink(storage.events.recorder, events);
  const metrics = createEventDrainMetrics(registry);
  const batchSize = batchSizeOf(runtime);
  return streams.map((stream) => new Drain({ stream, sink, metrics, logger, batchSize }));
}

function batchSizeOf({ storage }: Runtime): number {
  return storage.kind === "pglite" ? EMBEDDED_BATCH_SIZE : BATCH_SIZE;
}

/** Whether decisions and events get through. Never makes the process unready: the cause is what all workers share. */
function drainCheck(drains: readonly AnyDrain[]): HealthCheck {
  return {
    name: "drain",
    required: false,
    run: () => {
      const interruption = drains.map((drain) => drain.interruption).find((code) => code !== undefined);
      return interruption === undefined ? { status: "ok" } : { status: "degraded", problem: interruption };
    },
  };
}

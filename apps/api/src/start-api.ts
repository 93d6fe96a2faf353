import type { RequestListener } from "node:http";
import type { Config, ListenAddress } from "@lotty/config";
import { createDefinitionsControl, type DefinitionsPorts } from "@lotty/control-plane";
import { ValueSchemas } from "@lotty/value-schemas";
import type { Decider, DecisionRecords, EnvironmentDirectory, FollowedSnapshots } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID, type IdempotencyStore, type Logger, LottyError } from "@lotty/domain";
import { formatClause, parseRule } from "@lotty/dsl";
import type { FirstAdmin } from "@lotty/identity";
import { AddressPolicy, createSecretBox } from "@lotty/notifications";
import {
  createHttpMetrics,
  createJobRunner,
  createMetrics,
  createOperationsHandler,
  EventLoopWatch,
  exposeRequestLoad,
  Health,
  type HttpMetrics,
  type Metrics,
  openRuntime,
  RequestLimiter,
  resultsOf,
  type Runtime,
  systemClock,
  systemTimer,
  Uuid7Source,
} from "@lotty/runtime";
import { type Entrance, openEntrance } from "./access/entrance.ts";
import { createApp } from "./app.ts";
import { OpenExchanges } from "./http/open-exchanges.ts";
import { loadDemo } from "./load-demo.ts";
import { type ApiControl, createApiControl, noControl } from "./routes/control/api-control.ts";
import { type ApiEvents, noEvents } from "./routes/events/event-routes.ts";
import { type ApiResults, noResults } from "./routes/results/results-parts.ts";
import { EventStreams } from "./routes/stream/event-streams.ts";
import { warnOfReadableSecret, warnOfReadableSecrets } from "./readable-secrets.ts";
import { startServer } from "./server.ts";
import { UNLOADED_ENVIRONMENTS, UNLOADED_SNAPSHOTS } from "./unloaded-snapshots.ts";
import { UNSTARTED_RECORDS } from "./unstarted-records.ts";
import { exampleFlag, welcomeText } from "./welcome.ts";

/** The API of a process. */
export interface RunningApi {
  /** The address in use. */
  readonly address: ListenAddress;
  /** Resolves when decisions can be taken; rejects when the start fails for good. */
  readonly ready: Promise<void>;
  /** The admin that this start has made, once it is ready; `undefined` when there was somebody already. */
  readonly firstAdmin: FirstAdmin | undefined;
  /** What to tell the person who started it. Wait for {@link RunningApi.ready} first. */
  welcome(): Promise<string>;
  /** Is not ready any more, finishes what was begun, then lets go of everything. */
  close(): Promise<void>;
}

/**
 * Part of the time for an orderly end, behind the delay for load balancers, in which requests are still taken, so that callers with kept connections, and
 * balancers that look at `/readyz`, have a chance to go elsewhere. The rest is for requests in flight and the stores.
 */
const DRAIN_SHARE = 0.25;

/**
 * Starts the API on everything that its configuration names. It listens before the database is open, so that a taken port
 * costs no time, and says that it is not ready. Loads the demo, if there is one, into an empty database.
 *
 * @throws LottyError as `openRuntime`; `address_in_use`; `invalid_configuration`, `invalid_definition`
 */
export async function startApi(config: Config, logger: Logger): Promise<RunningApi> {
  const exchanges = new OpenExchanges();
  const metrics = createMetrics();
  const { limiter, httpMetrics, stop } = limit(config, metrics, logger);
  const streams = new EventStreams({ maxStreams: config.limits.maxEventStreams, timer: systemTimer });
  const entrance = openEntrance(config, logger);
  const access = entrance.parts;
  const appOf = ({ health, ...deciding }: DecidingParts): RequestListener => {
    const operations = createOperationsHandler({ health, registry: metrics.registry });
    const parts = { operations, logger, exchanges, limiter, httpMetrics, streams };
    return createApp({
      ...deciding,
      clock: systemClock,
      printClause: formatClause,
      parseRule,
      ...access,
      ...parts,
    });
  };
  let listener = appOf({ ...NOT_STARTED, health: new Health() });
  const server = await startServer((request, response) => listener(request, response), {
    address: config.api,
    exchanges,
    logger,
  });
  const { address } = server;
  logger.info("api_listening", { host: address.host, port: address.port });
  const runtime = await openApiRuntime(config, { metrics, logger, entrance }).catch(async (error: unknown) => {
    streams.drain();
    await server.close(0);
    stop();
    await entrance.close().catch(() => undefined);
    throw error;
  });
  const { decider, health, intake, redis, snapshots, storage } = runtime;
  if (redis !== null) entrance.countIn(redis.counters);
  const control = controlOf(runtime, logger);
  const events = { intake, log: storage.events.log };
  const results = resultsOf({ ...runtime, measures: runtime.measures.onReplica });
  listener = appOf({
    decider,
    health,
    snapshots,
    environments: snapshots,
    records: runtime.records,
    control: () => control,
    events: () => events,
    results: () => results,
    idempotency: () => storage.idempotency,
  });
  const jobs = createJobRunner(runtime);
  runtime.ready.then(
    () => jobs.start(),
    () => undefined,
  );
  if (config.notifications.secretsKey === null) void warnOfReadableSecrets(storage.control, logger);
  snapshots.onChange((snapshot) => streams.publish(snapshot));
  return {
    address,
    ready: runtime.ready,
    get firstAdmin() {
      return entrance.firstAdmin;
    },
    async welcome() {
      const flag = await exampleFlag(snapshots.current(DEFAULT_ENVIRONMENT_ID).flags.keys(), decider);
      return welcomeText({ address, config, location: storage.location, flag });
    },
    async close() {
      health.stopping();
      streams.drain();
      const delayMillis = config.shutdownDelaySeconds * 1_000;
      await server.close((config.shutdownGraceSeconds * 1_000 - delayMillis) * DRAIN_SHARE, delayMillis);
      stop();
      await jobs.stop();
      await entrance.close();
      await runtime.close();
    },
  };
}

interface Limits {
  readonly limiter: RequestLimiter;
  readonly httpMetrics: HttpMetrics;
  readonly stop: () => void;
}

/** Bounds the work on requests, and shows how much there is. */
function limit({ limits }: Config, { registry }: Metrics, logger: Logger): Limits {
  const httpMetrics = createHttpMetrics(registry);
  const eventLoop = new EventLoopWatch({ maxDelayMillis: limits.maxEventLoopDelayMillis, timer: systemTimer });
  const limiter = new RequestLimiter({
    maxInFlight: limits.maxInFlight,
    maxWaiting: limits.maxWaiting,
    timeoutMillis: limits.requestTimeoutMillis,
    eventLoop,
    timer: systemTimer,
    logger,
    onShed: (cause) => httpMetrics.shed(cause),
  });
  exposeRequestLoad(registry, () => limiter);
  const stop = (): void => {
    limiter.close();
    eventLoop.stop();
  };
  return { limiter, httpMetrics, stop };
}

function notStarted(): never {
  throw new LottyError("not_ready", "The service is starting.");
}

function refuse(): Promise<never> {
  return Promise.reject(new LottyError("not_ready", "The service is starting."));
}

/** What the API works with once its database is there. */
interface DecidingParts {
  readonly decider: Decider;
  readonly snapshots: FollowedSnapshots;
  readonly environments: EnvironmentDirectory;
  readonly records: DecisionRecords;
  readonly control: () => ApiControl;
  readonly results: () => ApiResults;
  readonly events: () => ApiEvents;
  readonly idempotency: () => IdempotencyStore;
  readonly health: Health;
}

/** What stands in for it until then. */
const NOT_STARTED: Omit<DecidingParts, "health"> = {
  decider: { decideForFlag: refuse, decideForFlags: refuse, peekNow: notStarted, explainForFlag: refuse },
  snapshots: UNLOADED_SNAPSHOTS,
  environments: UNLOADED_ENVIRONMENTS,
  records: UNSTARTED_RECORDS,
  control: noControl,
  results: noResults,
  events: noEvents,
  idempotency: notStarted,
};

/** What the control plane works with. */
function controlPorts(
  config: Config,
  { clock, ids, storage }: Pick<Runtime, "clock" | "ids" | "storage">,
): DefinitionsPorts {
  return {
    ...storage.control,
    clock,
    ids,
    schemas: new ValueSchemas(),
    settings: config.control,
    people: () => storage.identity.listUsers(),
  };
}

function controlOf(runtime: Runtime, logger: Logger): ApiControl {
  const { config } = runtime;
  const { allowedNetworks, secretsKey } = config.notifications;
  return createApiControl({
    ...runtime.storage.control,
    ...controlPorts(config, runtime),
    box: createSecretBox(secretsKey?.reveal() ?? null, () => warnOfReadableSecret(logger)),
    policy: new AddressPolicy(allowedNetworks),
    moments: runtime.measures.moments,
    jobLocks: runtime.storage.jobLocks,
    history: runtime.measures.history,
  });
}

interface RuntimeParts {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly entrance: Entrance;
}

function openApiRuntime(config: Config, { entrance, logger, metrics }: RuntimeParts): Promise<Runtime> {
  const { demoFile: file } = config;
  const clock = systemClock;
  const ids = new Uuid7Source();
  return openRuntime(config, {
    role: "api",
    logger,
    metrics,
    clock,
    ids,
    prepare: async (storage) => {
      await entrance.open(storage, { clock, ids });
      if (file === null) return;
      const definitions = createDefinitionsControl(controlPorts(config, { clock, ids, storage }));
      await loadDemo({ file, definitions, store: storage.configuration, logger });
    },
  });
}

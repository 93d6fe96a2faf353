import type { RequestListener } from "node:http";
import type { Config, ListenAddress } from "@lotty/config";
import type { Decider } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID, type Logger, LottyError } from "@lotty/domain";
import { formatClause } from "@lotty/dsl";
import {
  createHttpMetrics,
  createMetrics,
  createOperationsHandler,
  EventLoopWatch,
  exposeRequestLoad,
  Health,
  type HttpMetrics,
  type Metrics,
  openRuntime,
  RequestLimiter,
  type Runtime,
  systemClock,
  systemTimer,
  Uuid7Source,
} from "@lotty/runtime";
import { createApp } from "./app.ts";
import { OpenExchanges } from "./http/open-exchanges.ts";
import { loadDemo } from "./load-demo.ts";
import { startServer } from "./server.ts";
import { exampleFlag, welcomeText } from "./welcome.ts";

/** The API of a process. */
export interface RunningApi {
  /** The address in use. */
  readonly address: ListenAddress;
  /** Resolves when decisions can be taken; rejects when the start fails for good. */
  readonly ready: Promise<void>;
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
  const appOf = (decider: Decider, health: Health): RequestListener => {
    const operations = createOperationsHandler({ health, registry: metrics.registry });
    return createApp({ decider, printClause: formatClause, operations, logger, exchanges, limiter, httpMetrics });
  };
  let listener = appOf(NOT_STARTED, new Health());
  const server = await startServer((request, response) => listener(request, response), {
    address: config.api,
    exchanges,
    logger,
  });
  const { address } = server;
  logger.info("api_listening", { host: address.host, port: address.port });
  const runtime = await openApiRuntime(config, metrics, logger).catch(async (error: unknown) => {
    await server.close(0);
    stop();
    throw error;
  });
  const { decider, health, snapshots, storage } = runtime;
  listener = appOf(decider, health);
  return {
    address,
    ready: runtime.ready,
    async welcome() {
      const flag = await exampleFlag(snapshots.current(DEFAULT_ENVIRONMENT_ID).flags.keys(), decider);
      return welcomeText({ address, config, location: storage.location, flag });
    },
    async close() {
      health.stopping();
      const delayMillis = config.shutdownDelaySeconds * 1_000;
      await server.close((config.shutdownGraceSeconds * 1_000 - delayMillis) * DRAIN_SHARE, delayMillis);
      stop();
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

function refuse(): Promise<never> {
  return Promise.reject(new LottyError("not_ready", "The service is starting."));
}

/** Decides while there is nothing to decide with. */
const NOT_STARTED: Decider = { decideForFlag: refuse, decideForFlags: refuse, explainForFlag: refuse };

function openApiRuntime(config: Config, metrics: Metrics, logger: Logger): Promise<Runtime> {
  const { demoFile: file } = config;
  const clock = systemClock;
  const ids = new Uuid7Source();
  return openRuntime(config, {
    role: "api",
    logger,
    metrics,
    clock,
    ids,
    ...(file !== null && { prepare: ({ configuration }) => loadDemo(configuration, { file, clock, ids, logger }) }),
  });
}

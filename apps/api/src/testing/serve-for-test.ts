import type { Decider } from "@lotty/decisions";
import type { Logger } from "@lotty/domain";
import {
  createHttpMetrics,
  createMetrics,
  createOperationsHandler,
  Health,
  type OperationsHandler,
  RequestLimiter,
  type RequestLimiterOptions,
  systemTimer,
} from "@lotty/runtime";
import { createApp } from "../app.ts";
import { OpenExchanges } from "../http/open-exchanges.ts";
import { type ConnectionTimes, type RunningServer, startServer } from "../server.ts";

/** What differs between tests. */
export interface ServeForTestOptions {
  readonly decider: Decider;
  readonly logger: Logger;
  readonly health?: Health;
  readonly operations?: OperationsHandler;
  readonly times?: ConnectionTimes;
  /** What differs from limits that no test reaches. */
  readonly limits?: Partial<RequestLimiterOptions>;
}

/** A server on a free port of this machine. */
export interface ServedForTest extends RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
}

/** Serves the API as it is, on parts of the test's choice. */
export async function serveForTest(options: ServeForTestOptions): Promise<ServedForTest> {
  const { decider, logger, health = startedHealth() } = options;
  const exchanges = new OpenExchanges();
  const { registry } = createMetrics();
  const httpMetrics = createHttpMetrics(registry);
  const limiter = new RequestLimiter({
    maxInFlight: 1_000,
    maxWaiting: 0,
    timeoutMillis: 60_000,
    eventLoop: { behind: false },
    timer: systemTimer,
    logger,
    onShed: (cause) => httpMetrics.shed(cause),
    ...options.limits,
  });
  const app = createApp({
    decider,
    printClause: ({ kind }) => `<${kind}>`,
    operations: options.operations ?? createOperationsHandler({ health, registry }),
    logger,
    exchanges,
    limiter,
    httpMetrics,
  });
  const server = await startServer(app, {
    address: { host: "127.0.0.1", port: 0 },
    exchanges,
    logger,
    ...(options.times && { times: options.times }),
  });
  return { ...server, url: `http://127.0.0.1:${server.address.port}` };
}

function startedHealth(): Health {
  const health = new Health();
  health.started();
  return health;
}

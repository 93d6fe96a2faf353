import type { RateLimitConfig } from "@lotty/config";
import type { Decider, DecisionRecords, EnvironmentDirectory, FollowedSnapshots } from "@lotty/decisions";
import type { IdempotencyStore, Logger } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { LOCAL_CALLER } from "@lotty/identity";
import {
  createHttpMetrics,
  createMetrics,
  createOperationsHandler,
  Health,
  type OperationsHandler,
  RequestLimiter,
  type RequestLimiterOptions,
  systemClock,
  systemTimer,
} from "@lotty/runtime";
import { MemoryIdempotencyStore } from "@lotty/testkit/fakes/memory-idempotency-store";
import type { ApiIdentity } from "../access/api-identity.ts";
import type { Authenticator } from "../access/authenticator.ts";
import { clientAddress } from "../access/client-address.ts";
import { noIdentity } from "../access/entrance.ts";
import { RateLimits } from "../access/rate-limits.ts";
import { SessionCookie } from "../access/session-cookie.ts";
import { StandingCallers } from "../access/standing-callers.ts";
import { type AppParts, createApp, routesOf } from "../app.ts";
import { OpenExchanges } from "../http/open-exchanges.ts";
import { type ApiControl, noControl } from "../routes/control/api-control.ts";
import { type ApiEvents, noEvents } from "../routes/events/event-routes.ts";
import { EventStreams } from "../routes/stream/event-streams.ts";
import { type ApiResults, noResults } from "../routes/results/results-parts.ts";
import type { Route } from "../routing/route.ts";
import { type ConnectionTimes, type RunningServer, startServer } from "../server.ts";
import { UNLOADED_ENVIRONMENTS, UNLOADED_SNAPSHOTS } from "../unloaded-snapshots.ts";
import { UNSTARTED_RECORDS } from "../unstarted-records.ts";

/** What differs between tests. */
export interface ServeForTestOptions {
  readonly decider: Decider;
  readonly logger: Logger;
  /** Who makes the requests; whoever is on this machine when absent. */
  readonly authenticator?: Authenticator;
  /** People and keys; not there when absent. */
  readonly identity?: () => ApiIdentity;
  /** Flags, experiments and what belongs to them; not there when absent. */
  readonly control?: () => ApiControl;
  /** What experiments have shown; not there when absent. */
  readonly results?: () => ApiResults;
  /** Taking events in and looking them up; not there when absent. */
  readonly events?: () => ApiEvents;
  /** What decisions are taken with; nothing is loaded when absent. */
  readonly snapshots?: FollowedSnapshots;
  /** What environments there are; none that can be named when absent. */
  readonly environments?: EnvironmentDirectory;
  /** The decisions on record; not there when absent. */
  readonly records?: DecisionRecords;
  /** Room for many streams when absent. */
  readonly streams?: EventStreams;
  readonly health?: Health;
  readonly operations?: OperationsHandler;
  readonly times?: ConnectionTimes;
  /** Remembers requests that are carried out once; a memory of its own when absent. */
  readonly idempotency?: IdempotencyStore;
  /** What differs from limits that no test reaches. */
  readonly limits?: Partial<RequestLimiterOptions>;
  /** How often callers may ask; as often as they like when absent. */
  readonly rateLimits?: RateLimitConfig;
  /** Proxies that tell where requests come from; none when absent. */
  readonly trustedProxies?: readonly string[];
}

const NO_RATE_LIMITS: RateLimitConfig = {
  decide: { perKey: 0, perAddress: 0 },
  other: { perKey: 0, perAddress: 0 },
  shared: false,
};

/** A server on a free port of this machine. */
export interface ServedForTest extends RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** What it can be asked for. */
  readonly routes: readonly Route[];
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
  const identity = options.identity ?? noIdentity;
  const cookie = new SessionCookie(false);
  const idempotency = options.idempotency ?? new MemoryIdempotencyStore();
  const addressOf = clientAddress(options.trustedProxies ?? []);
  const standingCallers = new StandingCallers({ identity, cookie, timer: systemTimer, logger });
  const parts: AppParts = {
    decider,
    authenticator: options.authenticator ?? { identify: () => LOCAL_CALLER },
    identity,
    control: options.control ?? noControl,
    results: options.results ?? noResults,
    events: options.events ?? noEvents,
    cookie,
    standingCallers,
    clientAddress: addressOf,
    rateLimits: new RateLimits({ config: options.rateLimits ?? NO_RATE_LIMITS, clientAddress: addressOf }),
    parseRule,
    printClause: ({ kind }) => `<${kind}>`,
    operations: options.operations ?? createOperationsHandler({ health, registry }),
    logger,
    exchanges,
    limiter,
    httpMetrics,
    snapshots: options.snapshots ?? UNLOADED_SNAPSHOTS,
    environments: options.environments ?? UNLOADED_ENVIRONMENTS,
    records: options.records ?? UNSTARTED_RECORDS,
    clock: systemClock,
    idempotency: () => idempotency,
    streams: options.streams ?? new EventStreams({ maxStreams: 1_000, timer: systemTimer }),
  };
  const server = await startServer(createApp(parts), {
    address: { host: "127.0.0.1", port: 0 },
    exchanges,
    logger,
    ...(options.times && { times: options.times }),
  });
  return {
    ...server,
    url: `http://127.0.0.1:${server.address.port}`,
    routes: routesOf(parts),
    close: async (drainMillis, delayMillis) => {
      standingCallers.stop();
      await server.close(drainMillis, delayMillis);
    },
  };
}

function startedHealth(): Health {
  const health = new Health();
  health.started();
  return health;
}

import type { RequestListener } from "node:http";
import type { ClausePrinter } from "@lotty/contracts";
import type { Decider, EnvironmentDirectory, FollowedSnapshots } from "@lotty/decisions";
import type { Logger, RuleParser } from "@lotty/domain";
import type { HttpMetrics, OperationsHandler, RequestLimiter } from "@lotty/runtime";
import express from "express";
import helmet from "helmet";
import type { Authenticator } from "./access/authenticator.ts";
import type { RateLimits } from "./access/rate-limits.ts";
import type { StandingCallers } from "./access/standing-callers.ts";
import { guardedOperations } from "./access/guarded-operations.ts";
import { type ExpressListener, failedOr, frameAnswer } from "./http/express-frame.ts";
import { noSuchMethod, noSuchRoute } from "./http/no-such-route.ts";
import type { OpenExchanges } from "./http/open-exchanges.ts";
import { serve } from "./http/serve.ts";
import type { IdempotencyParts } from "./idempotency/idempotently.ts";
import { limitedDecider } from "./limited-decider.ts";
import { auditRoutes } from "./routes/audit/audit-routes.ts";
import type { ControlParts } from "./routes/control/api-control.ts";
import { decideHandler } from "./routes/decide.ts";
import { decisionRoutes, type RecordsParts } from "./routes/decisions/decision-routes.ts";
import { DECIDE_OPERATION, EXPLAIN_OPERATION } from "./routes/decision-operations.ts";
import { definitionsRoutes } from "./routes/definitions/definitions-routes.ts";
import { domainRoutes } from "./routes/domains/domain-routes.ts";
import { environmentRoutes } from "./routes/environments/environment-routes.ts";
import { type EventParts, eventRoutes } from "./routes/events/event-routes.ts";
import { eventTypeRoutes } from "./routes/events/event-type-routes.ts";
import { experimentRoutes } from "./routes/experiments/experiment-routes.ts";
import { explainHandler } from "./routes/explain.ts";
import { flagRoutes } from "./routes/flags/flag-routes.ts";
import { firingRoutes } from "./routes/guardrails/firing-routes.ts";
import { guardrailRoutes } from "./routes/guardrails/guardrail-routes.ts";
import { rampRoutes } from "./routes/guardrails/ramp-routes.ts";
import { rehearseRoute } from "./routes/guardrails/rehearse-route.ts";
import { keyRoutes } from "./routes/keys/key-routes.ts";
import { certificateRoutes } from "./routes/certificates/certificate-routes.ts";
import { learningRoutes } from "./routes/learnings/learning-routes.ts";
import { deliveryRoutes } from "./routes/notifications/delivery-routes.ts";
import { notificationRuleRoutes } from "./routes/notifications/rule-routes.ts";
import { webhookRoutes } from "./routes/notifications/webhook-routes.ts";
import { metricRoutes } from "./routes/metrics/metric-routes.ts";
import { ofrepRoutes } from "./routes/ofrep/ofrep-routes.ts";
import { descriptionRoutes } from "./routes/openapi/description-routes.ts";
import { planRoutes } from "./routes/plans/plan-routes.ts";
import { powerRoutes } from "./routes/results/power-routes.ts";
import type { ResultsParts } from "./routes/results/results-parts.ts";
import { resultsRoutes } from "./routes/results/results-routes.ts";
import { reviewRoutes } from "./routes/reviews/review-routes.ts";
import { segmentRoutes } from "./routes/segments/segment-routes.ts";
import { snapshotRoutes } from "./routes/snapshot/snapshot-routes.ts";
import type { EventStreams } from "./routes/stream/event-streams.ts";
import { sessionRoutes, type SessionParts } from "./routes/session/session-routes.ts";
import { streamRoutes } from "./routes/stream/stream-routes.ts";
import { subjectRoutes } from "./routes/subjects/subject-routes.ts";
import { userRoutes } from "./routes/users/user-routes.ts";
import { listenerOf, mountRoutes } from "./routing/mount-routes.ts";
import type { Route } from "./routing/route.ts";

/** What the API is made of. */
export interface AppParts extends SessionParts, RecordsParts, ControlParts, ResultsParts, EventParts, IdempotencyParts {
  readonly decider: Decider;
  /** Tells who makes a request. */
  readonly authenticator: Authenticator;
  readonly rateLimits: RateLimits;
  /** Prints a clause of a targeting rule in rule language. */
  readonly printClause: ClausePrinter;
  /** Answers `/livez`, `/readyz` and `/metrics`. */
  readonly operations: OperationsHandler;
  readonly logger: Logger;
  readonly exchanges: OpenExchanges;
  /** Bounds the work on decisions; the operations routes know no limit. */
  readonly limiter: RequestLimiter;
  readonly httpMetrics: HttpMetrics;
  readonly snapshots: FollowedSnapshots;
  readonly environments: EnvironmentDirectory;
  /** Parses the text of a targeting rule. */
  readonly parseRule: RuleParser;
  readonly streams: EventStreams;
  readonly standingCallers: StandingCallers;
}

const DECIDE_PATH = "/v1/decide";
const EXPLAIN_PATH = "/v1/explain";
const OPERATIONS_PATHS = ["/livez", "/readyz", "/metrics"];

/** Builds the API as a listener for `node:http`. It listens nowhere yet. */
export function createApp(parts: AppParts): RequestListener {
  const [decideRoute, ...others] = routesOf(parts);
  const app = createExpress(parts, [decideRoute, ...others]);
  const decide = listenerOf(decideRoute, parts);
  const unknown = serve("no route", noSuchRoute, parts);
  return (request, response) => {
    // Handing a request to Express takes about as long as deciding it, so the one hot route does without.
    if (request.url === DECIDE_PATH && request.method === "POST") return decide(request, response);
    const done = failedOr(() => unknown(request, response), { request, response, logger: parts.logger });
    app(request, response, done);
  };
}

/** Everything the API can be asked for, the operations routes excepted; the hot route comes first. */
export function routesOf(parts: AppParts): readonly [Route, ...Route[]] {
  const decider = limitedDecider(parts.decider, parts.limiter);
  const { environments, snapshots } = parts;
  const routes: readonly [Route, ...Route[]] = [
    {
      method: "POST",
      path: DECIDE_PATH,
      access: { kind: "scope", scope: "decide", role: "viewer" },
      operation: DECIDE_OPERATION,
      handler: decideHandler(decider),
    },
    {
      method: "POST",
      path: EXPLAIN_PATH,
      access: { kind: "scope", scope: "decide", role: "viewer", serverOnly: true },
      operation: EXPLAIN_OPERATION,
      handler: explainHandler(decider, parts.printClause),
    },
    ...ofrepRoutes({ decider, environments, snapshots }),
    ...streamRoutes(parts),
    ...snapshotRoutes(parts),
    ...decisionRoutes(parts),
    ...subjectRoutes(parts),
    ...flagRoutes(parts),
    ...experimentRoutes(parts),
    ...reviewRoutes(parts),
    ...planRoutes(parts),
    ...resultsRoutes(parts),
    ...powerRoutes(parts),
    ...guardrailRoutes(parts),
    ...firingRoutes(parts),
    ...rampRoutes(parts),
    rehearseRoute(parts),
    ...segmentRoutes(parts),
    ...domainRoutes(parts),
    ...environmentRoutes(parts),
    ...certificateRoutes(parts),
    ...learningRoutes(parts),
    ...webhookRoutes(parts),
    ...notificationRuleRoutes(parts),
    ...deliveryRoutes(parts),
    ...eventTypeRoutes(parts),
    ...metricRoutes(parts),
    ...eventRoutes(parts),
    ...definitionsRoutes(parts),
    ...auditRoutes(parts),
    ...sessionRoutes(parts),
    ...userRoutes(parts),
    ...keyRoutes(parts),
  ];
  return [...routes, ...descriptionRoutes(routes)];
}

function createExpress(parts: AppParts, routes: readonly Route[]): ExpressListener {
  const { exchanges } = parts;
  const operations = guardedOperations(parts);
  const app = express();
  // By default Express hashes every body, parses every query and announces itself: half the time of a small answer.
  app.set("etag", false);
  app.set("query parser", false);
  app.set("x-powered-by", false);
  app.set("case sensitive routing", true);
  app.set("strict routing", true);

  mountRoutes(app, routes, parts);

  app.use(helmet(HELMET_OPTIONS));
  app.use(frameAnswer(exchanges));
  app.use((request, response, next) => {
    operations(request, response).then((answered) => (answered ? undefined : next()), next);
  });
  const otherMethod = serve("other method", noSuchMethod(["GET", "HEAD"]), parts);
  app.all(OPERATIONS_PATHS, (request, response) => otherMethod(request, response));
  return app;
}

// Answers are data, never pages: nothing in them may be executed or framed. Transport security is up to the proxy that
// terminates TLS.
const HELMET_OPTIONS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  strictTransportSecurity: false,
  xFrameOptions: { action: "deny" as const },
};

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "@lotty/domain";
import type { HttpMetrics } from "@lotty/runtime";
import { logExchange } from "./access-log.ts";
import type { Answer } from "./answer.ts";
import type { OpenExchanges } from "./open-exchanges.ts";
import { thrownAnswer } from "./problem-answer.ts";
import { ConnectionLost } from "./read-body.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";
import { TurnEnd } from "./turn-end.ts";
import { writeAnswer } from "./write-answer.ts";

/** One request as a route sees it. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** Goes into the answer's headers, into problems and into the log. */
  readonly requestId: string;
  /** Values of the named parts of the route's path, decoded. A name with `*` has a list. */
  readonly params: RouteParams;
}

/** Values of the named parts of a path. */
export type RouteParams = Readonly<Record<string, string | readonly string[] | undefined>>;

const NO_PARAMS: RouteParams = {};

/** One for all routes, as there is one event loop. */
const turn = new TurnEnd();

/** Takes a request, and the values of its path if it has any. */
export type RouteListener = (request: IncomingMessage, response: ServerResponse, params?: RouteParams) => void;

/** What a route does: turns a request into an answer, and knows nothing of how answers are sent. */
export type Handler = (exchange: Exchange) => Answer | Promise<Answer>;

/** What serving needs besides the handler. */
export interface ServeContext {
  readonly logger: Logger;
  readonly exchanges: OpenExchanges;
  readonly httpMetrics: HttpMetrics;
}

/**
 * Makes a request handler of a route's handler: request id, errors to problems, sending, log line, metrics.
 *
 * @param route how log and metrics name the route; never taken from the request
 */
export function serve(route: string, handler: Handler, context: ServeContext): RouteListener {
  const { logger, exchanges, httpMetrics } = context;
  const meter = httpMetrics.route(route);
  const run = (request: IncomingMessage, response: ServerResponse, params: RouteParams): void => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const finish = (answer: Answer): void => (answer.atOnce === true ? turn.do(() => send(answer)) : send(answer));
    const send = (answer: Answer): void => {
      exchanges.end(request);
      writeAnswer(response, answer, { requestId, close: exchanges.draining });
      const millis = performance.now() - startedAt;
      meter.answered(answer.status, millis / 1_000);
      logExchange(logger, answer, { requestId, route, method: request.method ?? "", millis });
    };
    const fail = (error: unknown): void => {
      if (!(error instanceof ConnectionLost)) return finish(thrownAnswer(error, requestId));
      exchanges.end(request);
      logger.debug("http_connection_lost", { request_id: requestId, route });
    };
    exchanges.begin(request);
    let answer: Answer | Promise<Answer>;
    try {
      answer = handler({ request, requestId, params });
    } catch (error) {
      return fail(error);
    }
    // Not awaited: the hot path has few enough promises for each of them to show.
    if (answer instanceof Promise) answer.then(finish, fail);
    else finish(answer);
  };
  // Whatever goes wrong in it, it answers itself.
  return (request, response, params = NO_PARAMS) => run(request, response, params);
}

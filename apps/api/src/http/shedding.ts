import type { HttpMetrics, RequestLimiter } from "@lotty/runtime";
import type { OpenExchanges } from "./open-exchanges.ts";
import { problemAnswer } from "./problem-answer.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";
import type { RouteListener } from "./serve.ts";
import { writeAnswer } from "./write-answer.ts";

/** What turning requests away needs. */
export interface SheddingContext {
  readonly limiter: RequestLimiter;
  readonly exchanges: OpenExchanges;
  readonly httpMetrics: HttpMetrics;
}

/**
 * Turns requests of a route away with 429 while there is too much to do, before anything of them is read: this must cost
 * far less than answering.
 *
 * @param route how the metrics name the route
 */
export function shedding(route: string, listener: RouteListener, context: SheddingContext): RouteListener {
  const { limiter, exchanges, httpMetrics } = context;
  const meter = httpMetrics.route(route);
  return (request, response, params) => {
    const cause = limiter.refusal;
    if (cause === undefined) {
      listener(request, response, params);
      return;
    }
    limiter.shed(cause);
    // What is still to come of the request must not be taken for the next one.
    request.resume();
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const answer = problemAnswer({ code: "overloaded", detail: OVERLOADED }, requestId);
    writeAnswer(response, answer, { requestId, close: exchanges.draining });
    meter.answered(answer.status, 0);
  };
}

const OVERLOADED = "There are more requests than can be answered in time. Try again.";

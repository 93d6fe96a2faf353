import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { Health } from "../health/health.ts";

/** What the operations routes show. */
export interface OperationsSources {
  readonly health: Health;
  readonly registry: Registry;
}

/** Answers a request if it is for one of its routes, and tells whether it was. */
export type OperationsHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Makes the routes for those who run the system: `GET /livez` (the process answers; asks nothing else), `GET /readyz`
 * (200 when it wants requests, else 503; each check as JSON) and `GET /metrics` (Prometheus text). Works on any
 * `node:http` server, under Express too.
 */
export function createOperationsHandler(sources: OperationsSources): OperationsHandler {
  const routes: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    "/livez": () => ({ status: 200, type: JSON_TYPE, body: '{"status":"alive"}' }),
    "/readyz": async () => {
      const { ready, status, checks } = await sources.health.report();
      return { status: ready ? 200 : 503, type: JSON_TYPE, body: JSON.stringify({ status, checks }) };
    },
    "/metrics": async () => ({
      status: 200,
      type: sources.registry.contentType,
      body: await sources.registry.metrics(),
    }),
  };
  return async (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined || (request.method !== "GET" && request.method !== "HEAD")) return false;
    const { status, type, body } = await route();
    response.writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
    });
    response.end(request.method === "HEAD" ? undefined : body);
    return true;
  };
}

import type { RequestListener } from "node:http";
import type { Express } from "express";
import { guarded, type GuardParts } from "../access/guard.ts";
import { noSuchMethod } from "../http/no-such-route.ts";
import { type RouteListener, serve, type ServeContext } from "../http/serve.ts";
import { shedding, type SheddingContext } from "../http/shedding.ts";
import { type IdempotencyParts, idempotently } from "../idempotency/idempotently.ts";
import type { Route } from "./route.ts";

/** What serving routes needs. */
export interface RoutingContext extends ServeContext, SheddingContext, GuardParts, IdempotencyParts {}

/** The listener of a route: requests are turned away while there is too much to do, and when their caller may not make them. */
export function listenerOf(route: Route, context: RoutingContext): RouteListener {
  const once = route.idempotent === true ? { ...route, handler: idempotently(route.handler, context) } : route;
  const handler = guarded(once, context);
  return shedding(route.path, serve(route.path, handler, context), context);
}

/**
 * Mounts routes on an Express application. Other methods of their paths are answered with 405, or 204 to `OPTIONS`, and the
 * methods that there are; `HEAD` is answered by `GET`, as Express does it.
 */
export function mountRoutes(app: Express, routes: readonly Route[], context: RoutingContext): void {
  for (const route of routes) {
    const listener = listenerOf(route, context);
    const method = METHODS[route.method];
    app[method](route.path, (request, response) => listener(request, response, request.params));
  }
  for (const [path, some] of Map.groupBy(routes, (route) => route.path)) {
    app.all(
      path,
      otherMethods(
        some.map(({ method }) => method),
        context,
      ),
    );
  }
}

const METHODS = { GET: "get", POST: "post", PUT: "put", PATCH: "patch", DELETE: "delete" } as const;

function otherMethods(methods: readonly string[], context: ServeContext): RequestListener {
  const allowed = methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  const listener = serve("other method", noSuchMethod(allowed), context);
  return (request, response) => listener(request, response);
}

import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { type Caller, checkAccess, NOBODY, type ScopedAccess } from "@lotty/identity";
import type { Answer } from "../http/answer.ts";
import { problemAnswer } from "../http/problem-answer.ts";
import type { Exchange, Handler } from "../http/serve.ts";
import type { Route, RouteHandler } from "../routing/route.ts";
import type { Authenticator, Unidentified } from "./authenticator.ts";
import { describeRefusal } from "./describe-refusal.ts";

/** What of a route matters to who may use it. */
export type GuardedRoute = Omit<Route, "operation">;

/**
 * A route's handler behind its rule: who may not use it is answered with 401 or 403 before the handler sees anything.
 *
 * @throws TypeError for a route without a rule: nothing is open because somebody forgot to close it
 */
export function guarded({ access, handler, method, path }: GuardedRoute, authenticator: Authenticator): Handler {
  // Read as text, because routes may come from where no compiler has looked.
  const kind: string | undefined = Object.hasOwn(access ?? {}, "kind") ? access.kind : undefined;
  if (kind !== "public" && kind !== "scope") throw new TypeError(`${method} ${path} does not say who may use it`);
  if (access.kind === "public") return (exchange) => handler({ ...exchange, caller: NOBODY });
  return (exchange) => {
    const identified = authenticator.identify(exchange.request);
    return identified instanceof Promise
      ? identified.then((caller) => admit({ access, caller, handler }, exchange))
      : admit({ access, caller: identified, handler }, exchange);
  };
}

interface Admission {
  readonly access: ScopedAccess;
  readonly caller: Caller | Unidentified;
  readonly handler: RouteHandler;
}

function admit({ access, caller, handler }: Admission, exchange: Exchange): Answer | Promise<Answer> {
  const { params, request, requestId } = exchange;
  if (caller.kind === "unidentified") return problemAnswer(caller.problem, requestId);
  const refusal = checkAccess(access, caller, DEFAULT_ENVIRONMENT_ID);
  if (refusal !== undefined) return problemAnswer(describeRefusal(refusal), requestId);
  return handler({ request, requestId, params, caller });
}

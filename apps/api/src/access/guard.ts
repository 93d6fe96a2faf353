import type { EnvironmentDirectory } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { type Caller, checkAccess, NOBODY, type ScopedAccess } from "@lotty/identity";
import type { Answer } from "../http/answer.ts";
import { problemAnswer } from "../http/problem-answer.ts";
import type { Exchange, Handler } from "../http/serve.ts";
import type { Route, RouteHandler } from "../routing/route.ts";
import type { Authenticator, Unidentified } from "./authenticator.ts";
import { chosenEnvironment, hasQuery, ownEnvironment } from "./chosen-environment.ts";
import { describeRefusal } from "./describe-refusal.ts";
import { keyClaimOf } from "./key-claim.ts";
import { purposeOf, type RateLimits, tooManyRequests } from "./rate-limits.ts";
import type { BudgetAnswer } from "./request-budget.ts";

/** What of a route matters to who may use it. */
export type GuardedRoute = Pick<Route, "method" | "path" | "access" | "handler">;

/** What guarding routes needs. */
export interface GuardParts {
  readonly authenticator: Authenticator;
  readonly environments: Pick<EnvironmentDirectory, "idOf">;
  /** Absent where callers may ask as often as they like. */
  readonly rateLimits?: Pick<RateLimits, "takeByAddress" | "takeByKey">;
}

/**
 * A route's handler behind its rule: who asks too often is answered with 429, and who may not use it with 401 or 403, before
 * the handler sees anything.
 *
 * @throws TypeError for a route without a rule: nothing is open because somebody forgot to close it
 */
export function guarded({ access, handler, method, path }: GuardedRoute, parts: GuardParts): Handler {
  // Read as text, because routes may come from where no compiler has looked.
  const kind: string | undefined = Object.hasOwn(access ?? {}, "kind") ? access.kind : undefined;
  if (kind !== "public" && kind !== "scope") throw new TypeError(`${method} ${path} does not say who may use it`);
  const { authenticator, environments, rateLimits } = parts;
  if (access.kind === "public") {
    return (exchange) =>
      unlessTooMany(rateLimits?.takeByAddress(exchange.request, "other"), exchange, () =>
        handler({ ...exchange, caller: NOBODY, environmentId: DEFAULT_ENVIRONMENT_ID }),
      );
  }
  const purpose = purposeOf(access);
  const enter = (caller: Caller | Unidentified, exchange: Exchange): Answer | Promise<Answer> =>
    admit({ access, caller, environments, handler }, exchange);
  return (exchange) => {
    const { request } = exchange;
    if (keyClaimOf(request.headers) === undefined) {
      // Counted first: looking a session up costs the database something, also one that is made up.
      return unlessTooMany(rateLimits?.takeByAddress(request, purpose), exchange, () =>
        whenKnown(authenticator.identify(request), (caller) => enter(caller, exchange)),
      );
    }
    return whenKnown(authenticator.identify(request), (caller) =>
      unlessTooMany(rateLimits?.takeByKey(caller, request, purpose), exchange, () => enter(caller, exchange)),
    );
  };
}

/** Goes on at once with what is known at once: a promise costs the hot path more than the look-up. */
function whenKnown<T>(value: T | Promise<T>, next: (value: T) => Answer | Promise<Answer>): Answer | Promise<Answer> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function unlessTooMany(
  taking: BudgetAnswer,
  { requestId }: Exchange,
  next: () => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  return whenKnown(taking, (exceeded) =>
    exceeded === undefined ? next() : problemAnswer(tooManyRequests(exceeded), requestId),
  );
}

interface Admission {
  readonly access: ScopedAccess;
  readonly caller: Caller | Unidentified;
  readonly environments: Pick<EnvironmentDirectory, "idOf">;
  readonly handler: RouteHandler;
}

function admit({ access, caller, environments, handler }: Admission, exchange: Exchange): Answer | Promise<Answer> {
  const { params, request, requestId } = exchange;
  if (caller.kind === "unidentified") return problemAnswer(caller.problem, requestId);
  const refusal = checkAccess(access, caller);
  if (refusal !== undefined) return problemAnswer(describeRefusal(refusal), requestId);
  if (!hasQuery(request)) {
    return handler({ request, requestId, params, caller, environmentId: ownEnvironment(caller) });
  }
  const chosen = chosenEnvironment(request, caller, environments);
  if (!chosen.ok) return problemAnswer(chosen.problem, requestId);
  return handler({ request, requestId, params, caller, environmentId: chosen.environmentId });
}

import type { Access, Caller } from "@lotty/identity";
import type { Operation } from "@lotty/contracts";
import type { Answer } from "../http/answer.ts";
import type { Exchange } from "../http/serve.ts";

/** Methods that routes have. `HEAD` and `OPTIONS` follow from them. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request whose caller may make it. */
export interface AdmittedExchange extends Exchange {
  readonly caller: Caller;
  /** Id of the environment that it is about. */
  readonly environmentId: string;
}

/** What a route does once its caller is admitted. Handlers that do not ask who calls, or where, fit as well. */
export type RouteHandler = (exchange: AdmittedExchange) => Answer | Promise<Answer>;

/** One operation of the API. */
export interface Route {
  readonly method: Method;
  /** As Express writes it: `/v1/decisions/:decision_id`. Log and metrics name the route so. */
  readonly path: string;
  /** Who may use it. Checked before anything of the body is read. */
  readonly access: Access;
  /** What the description of the API says about it. */
  readonly operation: Operation;
  /** Whether repetitions with the same `Idempotency-Key` are answered as the first request was. For what makes something new. */
  readonly idempotent?: true;
  readonly handler: RouteHandler;
}

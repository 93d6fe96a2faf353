import type { Handler } from "../http/serve.ts";

/** Methods that routes have. `HEAD` and `OPTIONS` follow from them. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One operation of the API. */
export interface Route {
  readonly method: Method;
  /** As Express writes it: `/v1/decisions/:decision_id`. Log and metrics name the route so. */
  readonly path: string;
  readonly handler: Handler;
}

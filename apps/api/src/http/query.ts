import type { IncomingMessage } from "node:http";

/** The parameter in the query by which a request names its environment. */
export const ENVIRONMENT_PARAMETER = "environment";

/** The parameters in a request's query. They are the caller's: read single ones by `get`, and check what comes out. */
export function queryOf({ url = "" }: IncomingMessage): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start + 1));
}

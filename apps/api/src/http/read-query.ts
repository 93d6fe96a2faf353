import type { IncomingMessage } from "node:http";
import type { Read } from "@lotty/contracts";
import { ENVIRONMENT_PARAMETER, queryOf } from "./query.ts";

/**
 * Reads the query of a request, without the environment, which has been read by whoever let the request in. One that is not UTF-8 is refused: to mend it would be to ask for somebody else.
 */
export function readQueryOf<T>(request: IncomingMessage, read: (query: URLSearchParams) => Read<T>): Read<T> {
  try {
    decodeURIComponent(request.url ?? "");
  } catch {
    return { ok: false, faults: [{ path: "", message: "must be percent-encoded UTF-8" }] };
  }
  const query = queryOf(request);
  query.delete(ENVIRONMENT_PARAMETER);
  return read(query);
}

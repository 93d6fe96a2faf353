import type { OperationsHandler } from "@lotty/runtime";
import type { Answer } from "../http/answer.ts";
import type { OpenExchanges } from "../http/open-exchanges.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id.ts";
import { writeAnswer } from "../http/write-answer.ts";
import type { Authenticator } from "./authenticator.ts";
import { guarded } from "./guard.ts";

const METRICS_PATH = "/metrics";

/** Operations concern the process as a whole. */
const NO_ENVIRONMENTS = { idOf: () => undefined };

const ADMITTED: Answer = { status: 204, mediaType: null, body: "" };

/** What guarding the operations routes needs. */
export interface GuardedOperationsParts {
  readonly operations: OperationsHandler;
  readonly authenticator: Authenticator;
  readonly exchanges: OpenExchanges;
}

/**
 * The operations routes, of which `/metrics` is for those who may look: its figures tell of the business. `/livez` and `/readyz`
 * are for load balancers, which have no keys.
 */
export function guardedOperations({ authenticator, exchanges, operations }: GuardedOperationsParts): OperationsHandler {
  const admit = guarded(
    {
      method: "GET",
      path: METRICS_PATH,
      access: { kind: "scope", scope: "read", role: "viewer" },
      handler: () => ADMITTED,
    },
    { authenticator, environments: NO_ENVIRONMENTS },
  );
  return async (request, response) => {
    // The same comparison as in the handler itself: what one takes for the metrics, so does the other.
    if ((request.url ?? "/").split("?", 1)[0] === METRICS_PATH) {
      const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
      const answer = await admit({ request, requestId, params: {} });
      if (answer !== ADMITTED) {
        writeAnswer(response, answer, { requestId, close: exchanges.draining });
        return true;
      }
    }
    return operations(request, response);
  };
}

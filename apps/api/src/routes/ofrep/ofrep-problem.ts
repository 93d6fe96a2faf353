import type { OfrepErrorCode, OfrepFault } from "@lotty/contracts";
import type { Answer } from "../../http/answer.ts";
import { problemAnswer, type ProblemDraft, thrownAnswer } from "../../http/problem-answer.ts";
import { ConnectionLost } from "../../http/read-body.ts";
import type { RouteHandler } from "../../routing/route.ts";

/** Where a request of the protocol failed. */
export interface OfrepPlace {
  readonly requestId: string;
  /** The flag that was asked for, which the protocol wants back; absent for all flags at once. */
  readonly key?: string;
}

/** A problem with the members by which clients of the protocol know what to tell their caller. */
export function ofrepProblem(errorCode: OfrepErrorCode, draft: ProblemDraft, { key, requestId }: OfrepPlace): Answer {
  const extensions = { ...(key !== undefined && { key }), errorCode, errorDetails: draft.detail };
  return problemAnswer({ ...draft, extensions }, requestId);
}

/** The answer to a request that is not what the protocol takes. */
export function ofrepFaultAnswer({ errorCode, message, path }: OfrepFault, place: OfrepPlace): Answer {
  const name = path === "" ? "The body" : path.slice(1).replaceAll("/", ".");
  const draft: ProblemDraft = {
    code: "invalid_request",
    detail: `${name} ${message}.`,
    errors: [{ path, message }],
  };
  return ofrepProblem(errorCode, draft, place);
}

/** The answer to a flag that does not exist: to the protocol an error, unlike to `POST /v1/decide`. */
export function flagNotFoundAnswer(place: OfrepPlace): Answer {
  return ofrepProblem("FLAG_NOT_FOUND", { code: "not_found", detail: "There is no flag with this key." }, place);
}

/** A handler whose failures carry what the protocol wants of them. */
export function withOfrepErrors(handler: RouteHandler): RouteHandler {
  return async (exchange) => {
    try {
      return await handler(exchange);
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      const { params, requestId } = exchange;
      const key = typeof params["key"] === "string" ? params["key"] : undefined;
      return thrownAnswer(error, requestId, { ...(key !== undefined && { key }), errorCode: "GENERAL" });
    }
  };
}

import type { Read } from "@lotty/contracts";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { invalidRequestAnswer, problemAnswer } from "../../http/problem-answer.ts";
import type { AdmittedExchange, RouteHandler } from "../../routing/route.ts";
import { readQueryOf } from "../../http/read-query.ts";
import { idIn } from "../../http/id-in.ts";

/** A handler that answers what a query asks for. */
export function looking<T>(
  read: (query: URLSearchParams) => Read<T>,
  look: (query: T, asked: AdmittedExchange) => Answer | Promise<Answer>,
): RouteHandler {
  return (asked) => {
    const query = readQueryOf(asked.request, read);
    return query.ok ? look(query.request, asked) : invalidRequestAnswer(query.faults, asked.requestId);
  };
}

/** The things of a list, as an answer. */
export function listAnswer(name: string, things: readonly unknown[], nextCursor?: string | null): Answer {
  return jsonAnswer({ [name]: things, ...(nextCursor !== undefined && { next_cursor: nextCursor }) });
}

/** A handler that gets the id in its path, and is not asked where there is none. */
export function withId(
  name: string,
  handler: (id: string, asked: AdmittedExchange) => Answer | Promise<Answer>,
): RouteHandler {
  return (asked) => {
    const id = idIn(asked.params, name);
    return id === undefined ? nothingThere(asked.requestId) : handler(id, asked);
  };
}

/** There is no such thing. */
export function nothingThere(requestId: string): Answer {
  return problemAnswer({ code: "not_found", detail: "There is nothing of this id." }, requestId);
}

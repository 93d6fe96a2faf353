import type { Caller } from "@lotty/identity";
import type { Answer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { AdmittedExchange, RouteHandler } from "../../routing/route.ts";

/** Admits people who have logged in, and no keys: `id` is theirs. */
export function peopleOnly(
  handler: (exchange: AdmittedExchange, id: string) => Answer | Promise<Answer>,
): RouteHandler {
  return (exchange) => {
    const id = personIdOf(exchange.caller);
    if (id !== undefined) return handler(exchange, id);
    const detail = "This is for people who have logged in.";
    return problemAnswer({ code: "forbidden", detail }, exchange.requestId);
  };
}

function personIdOf({ id, kind }: Caller): string | undefined {
  return kind === "user" ? (id ?? undefined) : undefined;
}

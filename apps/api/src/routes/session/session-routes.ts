import { presentCaller, readLogIn, readOwnPassword } from "@lotty/contracts";
import { csrfTokenOf, personCaller, sessionDigest } from "@lotty/identity";
import type { ApiIdentity } from "../../access/api-identity.ts";
import type { ClientAddress } from "../../access/client-address.ts";
import { comesFromElsewhere, FROM_ELSEWHERE } from "../../access/forgery.ts";
import type { SessionCookie } from "../../access/session-cookie.ts";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";
import type { Exchange } from "../../http/serve.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import { commandOf } from "../control/asked-by.ts";
import { peopleAnswer } from "../users/people-answer.ts";
import { peopleOnly } from "./people-only.ts";
import {
  END_ALL_SESSIONS_OPERATION,
  LOG_IN_OPERATION,
  LOG_OUT_OPERATION,
  OWN_PASSWORD_OPERATION,
  WHO_AM_I_OPERATION,
} from "./session-operations.ts";

/** What the routes of sessions work with. */
export interface SessionParts {
  /** @throws LottyError `not_ready` while it is not there */
  readonly identity: () => ApiIdentity;
  readonly cookie: SessionCookie;
  readonly clientAddress: ClientAddress;
}

const PATH = "/v1/session";

/** Logging in and out, and who one is. */
export function sessionRoutes(parts: SessionParts): readonly Route[] {
  const { cookie, identity } = parts;
  const own = { kind: "scope", scope: "manage", role: "viewer" } as const;
  return [
    {
      method: "POST",
      path: PATH,
      access: { kind: "public" },
      operation: LOG_IN_OPERATION,
      handler: (exchange) => logIn(exchange, parts),
    },
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: WHO_AM_I_OPERATION,
      handler: ({ caller, request }) => {
        const token = caller.kind === "user" ? cookie.read(request.headers.cookie) : undefined;
        return jsonAnswer(presentCaller(caller, token === undefined ? null : csrfTokenOf(token)));
      },
    },
    {
      method: "DELETE",
      path: PATH,
      access: own,
      operation: LOG_OUT_OPERATION,
      handler: peopleOnly(async ({ request }) => {
        await identity().sessions.logOut(cookie.read(request.headers.cookie) ?? "");
        return loggedOut(cookie);
      }),
    },
    {
      method: "DELETE",
      path: "/v1/sessions",
      access: own,
      operation: END_ALL_SESSIONS_OPERATION,
      handler: peopleOnly(async (_exchange, id) => {
        await identity().sessions.logOutEverywhere(id);
        return loggedOut(cookie);
      }),
    },
    {
      method: "PUT",
      path: `${PATH}/password`,
      access: own,
      operation: OWN_PASSWORD_OPERATION,
      handler: peopleOnly((exchange) => changeOwnPassword(exchange, parts)),
    },
  ];
}

async function logIn({ request, requestId }: Exchange, parts: SessionParts): Promise<Answer> {
  const { clientAddress, cookie, identity } = parts;
  // Otherwise a page could log its visitors in as somebody else, and learn what they do.
  if (comesFromElsewhere(request)) return problemAnswer(FROM_ELSEWHERE, requestId);
  const read = readAs(readLogIn, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  const previous = cookie.read(request.headers.cookie);
  const outcome = await identity().sessions.logIn({ ...read.value, address: clientAddress(request), previous });
  switch (outcome.status) {
    case "done": {
      const answer = jsonAnswer(presentCaller(personCaller(outcome.user), csrfTokenOf(outcome.token)));
      return { ...answer, headers: { "set-cookie": cookie.hand(outcome.token) } };
    }
    case "refused":
      return problemAnswer({ code: "unauthenticated", detail: "Name or password is wrong." }, requestId);
    case "throttled": {
      const headers = { "retry-after": String(Math.ceil(outcome.retryMillis / 1_000)) };
      return problemAnswer({ code: "rate_limited", detail: "Too many wrong passwords. Wait.", headers }, requestId);
    }
  }
}

async function changeOwnPassword(exchange: AdmittedExchange, parts: SessionParts): Promise<Answer> {
  const { request, requestId } = exchange;
  const read = readAs(readOwnPassword, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  const token = parts.cookie.read(request.headers.cookie);
  const keepSession = token === undefined ? {} : { keepSession: sessionDigest(token) };
  const { actor } = commandOf(exchange, parts.clientAddress);
  const outcome = await parts.identity().people.changeOwnPassword({ ...read.value, ...keepSession }, actor);
  return peopleAnswer(outcome, { requestId, passwordField: "next" });
}

function loggedOut(cookie: SessionCookie): Answer {
  return { status: 204, mediaType: null, body: "", headers: { "set-cookie": cookie.takeBack } };
}

import { presentUser, readNewUser, readUserChange, type UserChangeRequest } from "@lotty/contracts";
import type { Actor } from "@lotty/domain";
import type { PeopleOutcome, PeopleService } from "@lotty/identity";
import type { ApiIdentity } from "../../access/api-identity.ts";
import type { ClientAddress } from "../../access/client-address.ts";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import { commandOf } from "../control/asked-by.ts";
import { idIn } from "../../http/id-in.ts";
import { peopleAnswer } from "./people-answer.ts";
import {
  ADD_USER_OPERATION,
  CHANGE_USER_OPERATION,
  END_SESSIONS_OPERATION,
  FIND_USER_OPERATION,
  LIST_USERS_OPERATION,
  REMOVE_USER_OPERATION,
} from "./user-operations.ts";

const PATH = "/v1/users";
const ONE = `${PATH}/:user_id`;

/** What the routes of people and keys work with. */
export interface IdentityParts {
  /** @throws LottyError `not_ready` while it is not there */
  readonly identity: () => ApiIdentity;
  readonly clientAddress: ClientAddress;
}

/** Keeping people; for admins. */
export function userRoutes({ clientAddress, identity }: IdentityParts): readonly Route[] {
  const actorIn = (exchange: AdmittedExchange): Actor => commandOf(exchange, clientAddress).actor;
  const look = { kind: "scope", scope: "read", role: "admin", everywhere: true } as const;
  const change = { kind: "scope", scope: "manage", role: "admin", everywhere: true } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access: look,
      operation: LIST_USERS_OPERATION,
      handler: async () => jsonAnswer({ users: (await identity().people.list()).map(presentUser) }),
    },
    {
      method: "POST",
      path: PATH,
      access: change,
      operation: ADD_USER_OPERATION,
      idempotent: true,
      handler: (exchange) => add(exchange, identity().people, actorIn(exchange)),
    },
    {
      method: "GET",
      path: ONE,
      access: look,
      operation: FIND_USER_OPERATION,
      handler: async ({ params, requestId }) => {
        const id = idIn(params, "user_id");
        const user = id === undefined ? undefined : await identity().people.find(id);
        return user === undefined ? nobody(requestId) : jsonAnswer(presentUser(user));
      },
    },
    {
      method: "PATCH",
      path: ONE,
      access: change,
      operation: CHANGE_USER_OPERATION,
      handler: (exchange) => changeOne(exchange, identity().people, actorIn(exchange)),
    },
    {
      method: "DELETE",
      path: ONE,
      access: change,
      operation: REMOVE_USER_OPERATION,
      handler: async (exchange) => {
        const { params, requestId } = exchange;
        const id = idIn(params, "user_id");
        if (id === undefined) return nobody(requestId);
        const outcome = await identity().people.remove(id, actorIn(exchange));
        return outcome.ok ? { status: 204, mediaType: null, body: "" } : peopleAnswer(outcome, { requestId });
      },
    },
    {
      method: "DELETE",
      path: `${ONE}/sessions`,
      access: change,
      operation: END_SESSIONS_OPERATION,
      handler: async ({ params, requestId }) => {
        const id = idIn(params, "user_id");
        if (id === undefined) return nobody(requestId);
        await identity().sessions.logOutEverywhere(id);
        return { status: 204, mediaType: null, body: "" };
      },
    },
  ];
}

async function add({ request, requestId }: AdmittedExchange, people: PeopleService, by: Actor): Promise<Answer> {
  const read = readAs(readNewUser, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  const outcome = await people.add(read.value, by);
  const answer = peopleAnswer(outcome, { requestId });
  return outcome.ok ? { ...answer, status: 201, headers: { location: `${PATH}/${outcome.user.id}` } } : answer;
}

async function changeOne(
  { params, request, requestId }: AdmittedExchange,
  people: PeopleService,
  by: Actor,
): Promise<Answer> {
  const id = idIn(params, "user_id");
  if (id === undefined) return nobody(requestId);
  const read = readAs(readUserChange, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  return peopleAnswer(await applied(read.value, { id, people, by }), { requestId });
}

function applied(
  { disabled, password, roles }: UserChangeRequest,
  { by, id, people }: { readonly id: string; readonly people: PeopleService; readonly by: Actor },
): Promise<PeopleOutcome> {
  if (password !== undefined) return people.resetPassword(id, password, by);
  const change = { ...(roles !== undefined && { roles }), ...(disabled !== undefined && { disabled }) };
  return people.change(id, change, by);
}

function nobody(requestId: string): Answer {
  return problemAnswer({ code: "not_found", detail: "There is no such person." }, requestId);
}

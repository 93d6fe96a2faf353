import { presentUser, readNewUser, readUserChange, type UserChangeRequest } from "@lotty/contracts";
import type { PeopleOutcome, PeopleService } from "@lotty/identity";
import type { ApiIdentity } from "../../access/api-identity.ts";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";
import type { Exchange } from "../../http/serve.ts";
import type { Route } from "../../routing/route.ts";
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

/** Keeping people; for admins. */
export function userRoutes(identity: () => ApiIdentity): readonly Route[] {
  const look = { kind: "scope", scope: "read", role: "admin" } as const;
  const change = { kind: "scope", scope: "manage", role: "admin" } as const;
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
      handler: (exchange) => add(exchange, identity().people),
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
      handler: (exchange) => changeOne(exchange, identity().people),
    },
    {
      method: "DELETE",
      path: ONE,
      access: change,
      operation: REMOVE_USER_OPERATION,
      handler: async ({ params, requestId }) => {
        const id = idIn(params, "user_id");
        if (id === undefined) return nobody(requestId);
        const outcome = await identity().people.remove(id);
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

async function add({ request, requestId }: Exchange, people: PeopleService): Promise<Answer> {
  const read = readAs(readNewUser, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  const outcome = await people.add(read.value);
  const answer = peopleAnswer(outcome, { requestId });
  return outcome.ok ? { ...answer, status: 201, headers: { location: `${PATH}/${outcome.user.id}` } } : answer;
}

async function changeOne({ params, request, requestId }: Exchange, people: PeopleService): Promise<Answer> {
  const id = idIn(params, "user_id");
  if (id === undefined) return nobody(requestId);
  const read = readAs(readUserChange, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  return peopleAnswer(await apply(id, read.value, people), { requestId });
}

function apply(
  id: string,
  { disabled, password, roles }: UserChangeRequest,
  people: PeopleService,
): Promise<PeopleOutcome> {
  if (password !== undefined) return people.resetPassword(id, password);
  return people.change(id, { ...(roles !== undefined && { roles }), ...(disabled !== undefined && { disabled }) });
}

function nobody(requestId: string): Answer {
  return problemAnswer({ code: "not_found", detail: "There is no such person." }, requestId);
}

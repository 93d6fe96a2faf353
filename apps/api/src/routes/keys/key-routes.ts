import { presentKey, readNewKey, type RequestFault } from "@lotty/contracts";
import type { Actor } from "@lotty/domain";
import { CLIENT_SCOPES, type KeyRefusal, type KeyService, MAX_KEY_NAME_LENGTH } from "@lotty/identity";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { invalidRequestAnswer, problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import { commandOf } from "../control/asked-by.ts";
import { idIn } from "../../http/id-in.ts";
import type { IdentityParts } from "../users/user-routes.ts";
import { FIND_KEY_OPERATION, LIST_KEYS_OPERATION, MAKE_KEY_OPERATION, REVOKE_KEY_OPERATION } from "./key-operations.ts";

const PATH = "/v1/keys";
const ONE = `${PATH}/:key_id`;

/** Keeping API keys; for admins. */
export function keyRoutes({ clientAddress, identity }: IdentityParts): readonly Route[] {
  const actorIn = (exchange: AdmittedExchange): Actor => commandOf(exchange, clientAddress).actor;
  const look = { kind: "scope", scope: "read", role: "admin", everywhere: true } as const;
  const change = { kind: "scope", scope: "manage", role: "admin", everywhere: true } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access: look,
      operation: LIST_KEYS_OPERATION,
      handler: async () => jsonAnswer({ keys: (await identity().keys.list()).map(presentKey) }),
    },
    {
      method: "POST",
      path: PATH,
      access: change,
      operation: MAKE_KEY_OPERATION,
      idempotent: true,
      handler: (exchange) => make(exchange, identity().keys, actorIn(exchange)),
    },
    {
      method: "GET",
      path: ONE,
      access: look,
      operation: FIND_KEY_OPERATION,
      handler: async ({ params, requestId }) => {
        const id = idIn(params, "key_id");
        const key = id === undefined ? undefined : await identity().keys.find(id);
        return key === undefined ? noKey(requestId) : jsonAnswer(presentKey(key));
      },
    },
    {
      method: "DELETE",
      path: ONE,
      access: change,
      operation: REVOKE_KEY_OPERATION,
      handler: async (exchange) => {
        const { params, requestId } = exchange;
        const id = idIn(params, "key_id");
        const key = id === undefined ? undefined : await identity().keys.revoke(id, actorIn(exchange));
        return key === undefined ? noKey(requestId) : jsonAnswer(presentKey(key));
      },
    },
  ];
}

async function make({ caller, request, requestId }: AdmittedExchange, keys: KeyService, by: Actor): Promise<Answer> {
  const read = readAs(readNewKey, await readJson(request));
  if (!read.ok) return problemAnswer(read.problem, requestId);
  const { environment, expires_at: expiresAt, name, roles, scopes, type } = read.value;
  const asked = {
    name,
    type,
    scopes,
    environment,
    expiresAt,
    // A key that is bound to an environment makes keys for that one only.
    onlyEnvironmentId: caller.environmentId,
    ...(roles !== undefined && { roles }),
  };
  const outcome = await keys.make(asked, by);
  if (!outcome.ok) return invalidRequestAnswer([FAULTS[outcome.refusal]], requestId);
  const { key, text } = outcome;
  const made = presentKey(key);
  return {
    ...jsonAnswer({ ...made, key: text }),
    status: 201,
    headers: { location: `${PATH}/${key.id}` },
    // A secret is shown once and kept nowhere.
    repetition: JSON.stringify({ ...made, key: null }),
  };
}

function noKey(requestId: string): Answer {
  return problemAnswer({ code: "not_found", detail: "There is no such key." }, requestId);
}

const FAULTS: Readonly<Record<KeyRefusal, RequestFault>> = {
  no_name: { path: "/name", message: "must not be empty" },
  name_too_long: { path: "/name", message: `must have at most ${MAX_KEY_NAME_LENGTH} characters` },
  no_scopes: { path: "/scopes", message: "must not be empty" },
  too_much_for_client: {
    path: "/type",
    message: `is client, which takes the scopes ${CLIENT_SCOPES.join(" and ")} and the role viewer only`,
  },
  no_such_environment: { path: "/environment", message: "is not an environment" },
  other_environment: { path: "/environment", message: "is not the one that your key is bound to" },
  expired_already: { path: "/expires_at", message: "must be in the future" },
};

import {
  keySchema,
  keysSchema,
  type KeyResponse,
  madeKeySchema,
  type UserResponse,
  userSchema,
  usersSchema,
} from "@lotty/contracts";
import { formatInstant, LottyError } from "@lotty/domain";
import { z } from "zod";
import { type ApiClient, apiClient } from "../sources/api-client.ts";
import type { IdentitySource } from "./identity-source.ts";

/**
 * Keeps people and keys through a running API.
 *
 * @throws LottyError `invalid_request` when it is no address
 */
export function httpIdentitySource(base: string, key: string | undefined): IdentitySource {
  const client = apiClient(base, key);
  return {
    listUsers: () => listUsers(client),
    addUser: (body) => client.ask({ method: "POST", path: "v1/users", body, schema: userSchema }),
    changeUser: async (name, body) => {
      const { id } = await findUser(client, name);
      return client.ask({ method: "PATCH", path: `v1/users/${id}`, body, schema: userSchema });
    },
    removeUser: async (name) => {
      const { id } = await findUser(client, name);
      await client.ask({ method: "DELETE", path: `v1/users/${id}`, schema: z.undefined() });
    },
    listKeys: () => listKeys(client),
    makeKey: ({ expiresAt, roles, ...rest }) => {
      const expires_at = expiresAt === null ? null : formatInstant(expiresAt);
      const body = { ...rest, expires_at, ...(roles !== undefined && { roles }) };
      return client.ask({ method: "POST", path: "v1/keys", body, schema: madeKeySchema });
    },
    revokeKey: async (idOrPrefix) => {
      const { id } = await findKey(client, idOrPrefix);
      return client.ask({ method: "DELETE", path: `v1/keys/${id}`, schema: keySchema });
    },
  };
}

async function listUsers(client: ApiClient): Promise<readonly UserResponse[]> {
  return (await client.ask({ method: "GET", path: "v1/users", schema: usersSchema })).users;
}

async function listKeys(client: ApiClient): Promise<readonly KeyResponse[]> {
  return (await client.ask({ method: "GET", path: "v1/keys", schema: keysSchema })).keys;
}

async function findUser(client: ApiClient, name: string): Promise<UserResponse> {
  return found(await listUsers(client), (user) => user.name === name.toLowerCase(), noUser(name));
}

async function findKey(client: ApiClient, idOrPrefix: string): Promise<KeyResponse> {
  return found(await listKeys(client), (key) => key.id === idOrPrefix || key.prefix === idOrPrefix, noKey(idOrPrefix));
}

/** The first that is meant. */
export function found<T>(all: readonly T[], isMeant: (each: T) => boolean, otherwise: LottyError): T {
  const match = all.find(isMeant);
  if (match === undefined) throw otherwise;
  return match;
}

/** There is nobody of this name. */
export function noUser(name: string): LottyError {
  return new LottyError("not_found", `there is nobody called ${JSON.stringify(name)}`, {
    details: { advice: "`lotty user list` shows everybody." },
  });
}

/** There is no such key. */
export function noKey(idOrPrefix: string): LottyError {
  return new LottyError("not_found", `there is no key ${JSON.stringify(idOrPrefix)}`, {
    details: { advice: "`lotty key list` shows all of them." },
  });
}

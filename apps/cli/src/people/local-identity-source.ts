import { presentKey, presentUser, type UserResponse } from "@lotty/contracts";
import { type ErrorCode, LottyError } from "@lotty/domain";
import {
  foldUserName,
  KeyService,
  type PeopleOutcome,
  type PeopleRefusal,
  PasswordHasher,
  PeopleService,
  type User,
} from "@lotty/identity";
import type { Runtime } from "@lotty/runtime";
import { found, noKey, noUser } from "./http-identity-source.ts";
import type { IdentitySource } from "./identity-source.ts";
import { localActor } from "./local-actor.ts";

/** Keeps people and keys in the database of a runtime. */
export function localIdentitySource({ audit, clock, ids, storage }: Runtime): IdentitySource {
  const store = storage.identity;
  const by = localActor();
  const people = new PeopleService({ store, hasher: new PasswordHasher(), clock, ids, audit });
  const keys = new KeyService({ store, clock, ids, audit });
  const find = async (name: string): Promise<User> =>
    found(await people.list(), (user) => user.name === foldUserName(name), noUser(name));
  return {
    listUsers: async () => (await people.list()).map(presentUser),
    addUser: async (user) => done(await people.add(user, by)),
    changeUser: async (name, change) => {
      const { id } = await find(name);
      const isReset = "password" in change;
      return done(await (isReset ? people.resetPassword(id, change.password, by) : people.change(id, change, by)));
    },
    removeUser: async (name) => {
      done(await people.remove((await find(name)).id, by));
    },
    listKeys: async () => (await keys.list()).map(presentKey),
    makeKey: async ({ roles, ...asked }) => {
      const outcome = await keys.make({ ...asked, ...(roles !== undefined && { roles }) }, by);
      if (outcome.ok) return { ...presentKey(outcome.key), key: outcome.text };
      throw new LottyError("invalid_request", `the key is not made: ${outcome.refusal.replaceAll("_", " ")}`);
    },
    revokeKey: async (idOrPrefix) => {
      const isMeant = (key: { readonly id: string; readonly prefix: string }): boolean =>
        key.id === idOrPrefix || key.prefix === idOrPrefix;
      const { id } = found(await keys.list(), isMeant, noKey(idOrPrefix));
      const revoked = await keys.revoke(id, by);
      if (revoked === undefined) throw noKey(idOrPrefix);
      return presentKey(revoked);
    },
  };
}

function done(outcome: PeopleOutcome): UserResponse {
  if (outcome.ok) return presentUser(outcome.user);
  const { code, message } = REFUSALS[outcome.refusal.reason];
  const fault = "fault" in outcome.refusal ? `: ${outcome.refusal.fault.replaceAll("_", " ")}` : "";
  throw new LottyError(code, `${message}${fault}`);
}

const REFUSALS: Readonly<Record<PeopleRefusal["reason"], { readonly code: ErrorCode; readonly message: string }>> = {
  not_found: { code: "not_found", message: "there is no such person" },
  name_taken: { code: "already_exists", message: "somebody has this name" },
  last_admin: { code: "last_admin", message: "nobody would be left who is an admin" },
  wrong_password: { code: "invalid_request", message: "this is not the password" },
  no_roles: { code: "invalid_request", message: "a person needs a role" },
  name: { code: "invalid_request", message: "the name cannot be used" },
  password: { code: "invalid_request", message: "the password must not be used" },
};

import {
  type Actor,
  type AuditLinker,
  type Clock,
  type IdSource,
  passwordFault,
  type PasswordFault,
  type Role,
} from "@lotty/domain";
import type { PasswordHasher } from "../passwords/password-hasher.ts";
import type { UserChange, UserStore } from "../ports/user-store.ts";
import { userAudit } from "./user-audit.ts";
import { foldUserName, type User, userNameFault, type UserNameFault } from "./user.ts";

/** What keeping people works with. */
export interface PeopleServiceOptions {
  readonly store: UserStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly audit: AuditLinker;
}

/** A person to be. */
export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

/** Why a change of people is refused. */
export type PeopleRefusal =
  | { readonly reason: "not_found" }
  | { readonly reason: "name_taken" }
  | { readonly reason: "last_admin" }
  | { readonly reason: "wrong_password" }
  | { readonly reason: "no_roles" }
  | { readonly reason: "name"; readonly fault: UserNameFault }
  | { readonly reason: "password"; readonly fault: PasswordFault };

/** A person after a change, or why there is none. */
export type PeopleOutcome =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly refusal: PeopleRefusal };

/** A change of one's own password. */
export interface OwnPasswordChange {
  readonly current: string;
  readonly next: string;
  /** Digest of the session that goes on; all others end. */
  readonly keepSession?: Buffer;
}

/**
 * Keeps people; every change is on record with whoever made it. All methods throw LottyError `database_unavailable`, those that
 * take a password also `overloaded`.
 */
export class PeopleService {
  readonly #options: PeopleServiceOptions;

  constructor(options: PeopleServiceOptions) {
    this.#options = options;
  }

  /** Everyone, by name. */
  list(): Promise<readonly User[]> {
    return this.#options.store.listUsers();
  }

  async find(id: string): Promise<User | undefined> {
    return this.#options.store.findUser(id);
  }

  async add(given: NewUser, by: Actor): Promise<PeopleOutcome> {
    const { audit, clock, hasher, ids, store } = this.#options;
    const name = foldUserName(given.name);
    const fault = userNameFault(name);
    if (fault !== undefined) return refused({ reason: "name", fault });
    const weak = passwordFault(given.password, name);
    if (weak !== undefined) return refused({ reason: "password", fault: weak });
    if (given.roles.length === 0) return refused({ reason: "no_roles" });
    const passwordHash = await hasher.hash(given.password);
    const now = clock.now();
    const roles = [...new Set(given.roles)];
    const user: User = { id: ids.next(now), name, roles, disabled: false, createdAt: now, updatedAt: now };
    const onRecord = userAudit(audit, { action: "user.create", actor: by, at: now });
    const added = await store.addUser({ ...user, passwordHash }, onRecord);
    return added ? { ok: true, user } : refused({ reason: "name_taken" });
  }

  /** Changes roles, or disables a person, whose sessions end then. */
  async change(
    id: string,
    change: { readonly roles?: readonly Role[]; readonly disabled?: boolean },
    by: Actor,
  ): Promise<PeopleOutcome> {
    const { disabled, roles } = change;
    if (roles?.length === 0) return refused({ reason: "no_roles" });
    const wanted = {
      ...(roles !== undefined && { roles: [...new Set(roles)] }),
      ...(disabled !== undefined && { disabled }),
    };
    return this.#apply(id, wanted, { action: "user.change", actor: by });
  }

  /** Gives somebody a new password and ends all sessions of that person. */
  async resetPassword(id: string, password: string, by: Actor): Promise<PeopleOutcome> {
    const user = await this.#options.store.findUser(id);
    if (user === undefined) return refused({ reason: "not_found" });
    const fault = passwordFault(password, user.name);
    if (fault !== undefined) return refused({ reason: "password", fault });
    const passwordHash = await this.#options.hasher.hash(password);
    return this.#apply(id, { passwordHash }, { action: "user.reset_password", actor: by });
  }

  /** Changes one's own password, for which one has to show the old one, and ends all other sessions. */
  async changeOwnPassword(change: OwnPasswordChange, by: Actor): Promise<PeopleOutcome> {
    const { hasher, store } = this.#options;
    const { current, keepSession, next } = change;
    const { id } = by;
    const user = await store.findUser(id);
    if (user === undefined) return refused({ reason: "not_found" });
    const fault = passwordFault(next, user.name);
    if (fault !== undefined) return refused({ reason: "password", fault });
    if (!(await hasher.verify(current, user.passwordHash))) return refused({ reason: "wrong_password" });
    const passwordHash = await hasher.hash(next);
    const kept = keepSession === undefined ? {} : { keepSession };
    return this.#apply(id, { passwordHash, ...kept }, { action: "user.change_password", actor: by });
  }

  /** Removes a person with all sessions. The keys that the person has made stay. */
  async remove(id: string, by: Actor): Promise<PeopleOutcome> {
    const { audit, clock, store } = this.#options;
    const user = await store.findUser(id);
    if (user === undefined) return refused({ reason: "not_found" });
    const onRecord = userAudit(audit, { action: "user.remove", actor: by, at: clock.now() });
    const outcome = await store.removeUser(id, onRecord);
    return outcome === "done" ? { ok: true, user } : refused({ reason: outcome });
  }

  async #apply(
    id: string,
    change: Omit<UserChange, "updatedAt">,
    done: { readonly action: string; readonly actor: Actor },
  ): Promise<PeopleOutcome> {
    const { audit, clock, store } = this.#options;
    const updatedAt = clock.now();
    const onRecord = userAudit(audit, { ...done, at: updatedAt });
    const outcome = await store.changeUser(id, { ...change, updatedAt }, onRecord);
    if (outcome !== "done") return refused({ reason: outcome });
    const user = await store.findUser(id);
    return user === undefined ? refused({ reason: "not_found" }) : { ok: true, user };
  }
}

function refused(refusal: PeopleRefusal): PeopleOutcome {
  return { ok: false, refusal };
}

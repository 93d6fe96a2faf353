import { randomBytes } from "node:crypto";
import { type AuditLinker, type Clock, type IdSource, LottyError, passwordFault, systemActor } from "@lotty/domain";
import { base62 } from "../keys/base62.ts";
import type { PasswordHasher } from "../passwords/password-hasher.ts";
import type { UserStore } from "../ports/user-store.ts";
import { userAudit } from "./user-audit.ts";
import type { User } from "./user.ts";

/** Name of the first person. */
export const FIRST_ADMIN_NAME = "admin";

/** 24 digits of base 62 hold 142 bits. */
const GENERATED_LENGTH = 24;

/** What making the first admin works with. */
export interface FirstAdminOptions {
  readonly store: Pick<UserStore, "listUsers" | "addFirstUser">;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly audit: AuditLinker;
  /** `null`: one is generated. */
  readonly password: string | null;
}

/** A first admin that was just made. */
export interface FirstAdmin {
  readonly name: string;
  /** To be told once, and to no log; `null` when whoever started this chose it. */
  readonly generatedPassword: string | null;
}

/**
 * Makes an admin where there is nobody. Of several processes that start at once, one makes it.
 *
 * @returns `undefined` where there is somebody already
 * @throws LottyError `invalid_configuration` for a password that must not be used, `database_unavailable`
 */
export async function makeFirstAdmin(options: FirstAdminOptions): Promise<FirstAdmin | undefined> {
  const { audit, clock, hasher, ids, store } = options;
  // A hash takes half a second, which all but the very first start can do without.
  if ((await store.listUsers()).length > 0) return undefined;
  const generatedPassword = options.password === null ? base62(randomBytes(32), GENERATED_LENGTH) : null;
  const password = options.password ?? generatedPassword ?? "";
  const fault = passwordFault(password, FIRST_ADMIN_NAME);
  if (fault !== undefined) {
    throw new LottyError("invalid_configuration", `The password of the first admin must not be used: ${fault}`);
  }
  const passwordHash = await hasher.hash(password);
  const now = clock.now();
  const user: User = {
    id: ids.next(now),
    name: FIRST_ADMIN_NAME,
    roles: ["admin"],
    disabled: false,
    createdAt: now,
    updatedAt: now,
  };
  const onRecord = userAudit(audit, { action: "user.create", actor: systemActor("the first start"), at: now });
  const added = await store.addFirstUser({ ...user, passwordHash }, onRecord);
  return added ? { name: FIRST_ADMIN_NAME, generatedPassword } : undefined;
}

import { DEFAULT_ENVIRONMENT_ID, type Role } from "@lotty/domain";
import type { ScopedAccess } from "./access.ts";
import type { Caller } from "./caller.ts";
import type { Scope } from "./scope.ts";

/** Why a caller may not do something. */
export type Refusal =
  /** Nobody knows who they are; saying so may help. */
  | { readonly kind: "unauthenticated" }
  | { readonly kind: "missing_scope"; readonly scope: Scope }
  | { readonly kind: "missing_role"; readonly role: Role }
  /** A key of type `client` asks for what only servers may see. */
  | { readonly kind: "client_key" }
  /** The key belongs to another environment. */
  | { readonly kind: "other_environment" }
  /** The key belongs to an environment whose keys must not touch what concerns all of them. */
  | { readonly kind: "not_everywhere" };

/**
 * Compares what an operation asks for with what a caller has. Whether a key belongs to the environment that a request names is
 * not looked at here.
 *
 * @returns `undefined` when the caller may go ahead
 */
export function checkAccess(access: ScopedAccess, caller: Caller): Refusal | undefined {
  const { everywhere, role, scope, serverOnly } = access;
  const known = caller.kind !== "anonymous";
  if (!caller.scopes.includes(scope)) return known ? { kind: "missing_scope", scope } : UNAUTHENTICATED;
  if (!hasRole(caller.roles, role)) return known ? { kind: "missing_role", role } : UNAUTHENTICATED;
  if (serverOnly === true && caller.keyType === "client") return { kind: "client_key" };
  if (everywhere === true && isBoundElsewhere(caller)) return { kind: "not_everywhere" };
  return undefined;
}

/** Whether a caller is a key of another environment than the one that exists from the start. */
function isBoundElsewhere({ environmentId }: Caller): boolean {
  return environmentId !== null && environmentId !== DEFAULT_ENVIRONMENT_ID;
}

const UNAUTHENTICATED: Refusal = { kind: "unauthenticated" };

/** Whether some roles make a required one: an admin is everything, and whoever is anything may look. */
export function hasRole(roles: readonly Role[], required: Role): boolean {
  if (required === "viewer") return roles.length > 0;
  return roles.includes(required) || roles.includes("admin");
}

import type { Actor, Role } from "@lotty/domain";
import type { KeyType } from "./key-type.ts";
import { type Scope, SCOPES } from "./scope.ts";

/** Who makes a request, and what they were given. */
export interface Caller {
  readonly kind: "anonymous" | "user" | "key";
  /** Lower-case UUID of the person or key; `null` for nobody in particular. */
  readonly id: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** `null` for everything but a key. */
  readonly keyType: KeyType | null;
  /** The one environment that the caller is bound to; `null` for none. */
  readonly environmentId: string | null;
}

/** Somebody who has shown nothing. */
export const NOBODY: Caller = {
  kind: "anonymous",
  id: null,
  name: "anonymous",
  roles: [],
  scopes: [],
  keyType: null,
  environmentId: null,
};

/** Somebody on this very machine, where the installation trusts whoever can reach it: may decide and look, not change. */
export const LOCAL_CALLER: Caller = { ...NOBODY, roles: ["viewer"], scopes: ["decide", "events", "read"] };

/** A person with these roles. People have every scope; what they may do is up to their roles. */
export function personCaller(person: {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}): Caller {
  const { id, name, roles } = person;
  return { kind: "user", id, name, roles, scopes: SCOPES, keyType: null, environmentId: null };
}

/**
 * The caller as the one who changes something.
 *
 * @returns `undefined` for somebody who has no name to put on record
 */
export function actorOf({ id, kind, name, roles }: Caller, from: string | null): Actor | undefined {
  return id === null || kind === "anonymous" ? undefined : { id, name, roles, kind, from };
}

import type { Actor, AuditLinker, AuditOf, Instant } from "@lotty/domain";
import type { User } from "./user.ts";

/** Something that was done to a person or a key. */
export interface IdentityDeed {
  readonly action: string;
  readonly actor: Actor;
  readonly at: Instant;
}

/** Puts a change of a person on record: never with anything of the password. */
export function userAudit(audit: AuditLinker, { action, actor, at }: IdentityDeed): AuditOf<User> {
  return (before, after) => {
    const { id = "", name: key = "" } = after ?? before ?? {};
    const entity = { kind: "user", id, key } as const;
    const draft = { action, entity, before: onRecord(before), after: onRecord(after) };
    return audit([draft], { actor, at, environmentId: null });
  };
}

/** Field by field: whatever a person has besides, a hash above all, stays out. */
function onRecord(user: User | null): unknown {
  if (user === null) return null;
  const { createdAt, disabled, id, name, roles, updatedAt } = user;
  return { id, name, roles, disabled, createdAt, updatedAt };
}

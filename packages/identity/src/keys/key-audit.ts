import type { AuditLinker, AuditOf } from "@lotty/domain";
import type { IdentityDeed } from "../people/user-audit.ts";
import type { ApiKey } from "./api-key.ts";

/** Puts a key that is made or revoked on record, by its prefix: never with its text or anything that tells it. */
export function keyAudit(audit: AuditLinker, { action, actor, at }: IdentityDeed): AuditOf<ApiKey> {
  return (before, after) => {
    const { environmentId = null, id = "", prefix: key = "" } = after ?? before ?? {};
    const entity = { kind: "key", id, key } as const;
    const draft = { action, entity, before: onRecord(before), after: onRecord(after) };
    return audit([draft], { actor, at, environmentId });
  };
}

/** Field by field: whatever a key has besides, the digest above all, stays out. When it was last used is no change. */
function onRecord(key: ApiKey | null): unknown {
  if (key === null) return null;
  const { createdAt, createdBy, environmentId, expiresAt, id, name, prefix, revokedAt, roles, scopes, type } = key;
  return { id, prefix, name, type, scopes, roles, environmentId, createdBy, createdAt, expiresAt, revokedAt };
}

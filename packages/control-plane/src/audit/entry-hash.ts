import type { AuditEntry } from "@lotty/domain";
import { attributesDigest } from "@lotty/engine";

/**
 * The hash of an entry: SHA-256, in lower-case hex, of the canonical JSON of all its other fields. Whatever is not a field of an
 * entry has no say in it.
 */
export function entryHash(entry: Omit<AuditEntry, "hash">): string {
  const { sequence, id, at, actor, from, action, entity, environmentId, before, after, previousHash } = entry;
  return attributesDigest({
    sequence,
    id,
    at,
    actor: { id: actor.id, name: actor.name, kind: actor.kind },
    from,
    action,
    entity: { kind: entity.kind, id: entity.id, key: entity.key },
    environmentId,
    before,
    after,
    previousHash,
  });
}

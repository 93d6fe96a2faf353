import { createHash, randomUUID } from "node:crypto";
import {
  systemActor,
  type AuditEntry,
  type AuditHead,
  type AuditLink,
  type AuditLinker,
  type Erasure,
  type JsonValue,
} from "@lotty/domain";

/** Makes entries that hang together, with records as they are given and hashes that nobody can check. */
export const plainAuditLinker: AuditLinker =
  (drafts, { actor, at, environmentId }) =>
  (head) => {
    let last: AuditHead = head;
    return drafts.map(({ action, after, before, entity }) => {
      const sequence = last.sequence + 1;
      const entry: AuditEntry = {
        sequence,
        id: randomUUID(),
        at,
        actor: { id: actor.id, name: actor.name, kind: actor.kind },
        from: actor.from,
        action,
        entity,
        environmentId,
        before: plain(before),
        after: plain(after),
        previousHash: last.hash,
        hash: createHash("sha256").update(`${sequence} ${last.hash} ${action} ${entity.id}`).digest("hex"),
      };
      last = entry;
      return entry;
    });
  };

/** A record as plain JSON, without leaving anything out: tests look for what must not be there. */
function plain(value: unknown): JsonValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((each: unknown) => plain(each));
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([name, each]: [string, unknown]) => [name, plain(each)]));
}

/** Puts an erasure on record. */
export function erasureOnRecord({ assignments, at, decisions, erasureId, events }: Erasure): AuditLink {
  const entity = { kind: "subject", id: erasureId, key: "erased" } as const;
  const draft = { action: "subject.erase", entity, before: null, after: { decisions, assignments, events } };
  return plainAuditLinker([draft], { actor: systemActor("a test"), at, environmentId: null });
}

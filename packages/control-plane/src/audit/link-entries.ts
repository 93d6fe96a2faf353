import type { AuditEntry, AuditHead, AuditLinker, IdSource } from "@lotty/domain";
import { auditForm } from "./audit-form.ts";
import { entryHash } from "./entry-hash.ts";

/**
 * Makes what makes entries: they follow each other in the order of the drafts. A link may be called again for another end of the
 * chain.
 */
export function auditLinker(ids: IdSource): AuditLinker {
  return (drafts, { actor, at, environmentId }) => {
    const fixed = drafts.map(({ action, entity, before, after }) => ({
      id: ids.next(at),
      at,
      actor: { id: actor.id, name: actor.name, kind: actor.kind },
      from: actor.from,
      action,
      entity,
      environmentId,
      before: auditForm(before),
      after: auditForm(after),
    }));
    return (head) => {
      let last: AuditHead = head;
      return fixed.map((draft) => {
        const linked = { ...draft, sequence: last.sequence + 1, previousHash: last.hash };
        const entry: AuditEntry = { ...linked, hash: entryHash(linked) };
        last = entry;
        return entry;
      });
    };
  };
}

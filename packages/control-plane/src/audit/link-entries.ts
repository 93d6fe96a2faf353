import type { Actor, AuditEntry, AuditHead, AuditLink, IdSource, Instant } from "@lotty/domain";
import { auditForm } from "./audit-form.ts";
import { entryHash } from "./entry-hash.ts";

/** What was done, before it has its place in the chain. */
export interface AuditDraft {
  readonly action: string;
  readonly entity: AuditEntry["entity"];
  /** The record as it was; `null` when there was none. Secrets are taken out. */
  readonly before: unknown;
  /** The record as it is now; `null` when it is gone. */
  readonly after: unknown;
}

/** Who did it, when, and where it takes effect. */
export interface AuditContext {
  readonly actor: Actor;
  readonly at: Instant;
  readonly environmentId: string | null;
  readonly ids: IdSource;
}

/** Makes what was done the next entries of the chain, in the order given. May be called again for another end of the chain. */
export function auditLink(drafts: readonly AuditDraft[], context: AuditContext): AuditLink {
  const { actor, at, environmentId, ids } = context;
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
}

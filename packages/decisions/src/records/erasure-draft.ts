import type { AuditDraft, Erasure } from "@lotty/domain";

/** An erasure as it is put on record: by its own id, because who the subject was is to be forgotten. */
export function erasureDraft({ assignments, decisions, erasureId, events }: Erasure): AuditDraft {
  return {
    action: "subject.erase",
    entity: { kind: "subject", id: erasureId, key: "erased" },
    before: null,
    after: { erasureId, decisions, assignments, events },
  };
}
